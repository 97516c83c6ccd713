const words = /[\p{L}\p{M}]+/gu;
const rows = /(\p{L})\1*/gu;
const isStretched = /(\p{L})\1\1/u;
/** A text of stars is no talk. */
const mostMasked = 20;
const leastMasked = 4;

type Entry = { word: string; reading: string };
type Read = (text: string) => string;

const plain = (text: string): string => text.normalize("NFKC").toLowerCase();
const once = (word: string): string => word.replace(rows, "$1");
const rowsOf = (word: string): number[] => (word.match(rows) ?? []).map(({ length }) => length);

/**
 * Finds words in which a letter stands three times or more: `sluuur`. A letter that the entry has twice stands there twice at least:
 * `aaaas` is `as`, and no `ass`.
 */
export function stretchedFinder(entries: readonly Entry[], read: Read) {
  const known = new Map<string, { word: string; rows: number[] }[]>();
  for (const { word } of entries) {
    const letters = plain(word);
    const key = read(once(letters));
    known.set(key, [...(known.get(key) ?? []), { word, rows: rowsOf(letters) }]);
  }
  return (text: string): string | undefined => {
    const long = (text.toLowerCase().match(words) ?? []).filter((word) => isStretched.test(word));
    const keys = long.length === 0 ? [] : read(long.map(once).join(" ")).split(" ");
    for (const [index, key] of keys.entries()) {
      const stretched = rowsOf(long[index] ?? "");
      const found = known
        .get(key)
        ?.find(
          ({ rows }) =>
            rows.length === stretched.length && rows.every((row, at) => row <= (stretched[at] ?? 0)),
        );
      if (found !== undefined) return found.word;
    }
    return undefined;
  };
}

const starred = /[\p{L}\p{N}*]+/gu;
const isMasked = (word: string): boolean => word.includes("*") && /^\p{L}.+\p{L}$/u.test(word);

/** Finds words of which some letters inside are stars: `f*ck`. At least half of the word must be visible. */
export function maskedFinder(entries: readonly Entry[]) {
  const byLength = new Map<number, { word: string; letters: string }[]>();
  for (const { word } of entries) {
    const letters = plain(word);
    if (letters.length >= leastMasked)
      byLength.set(letters.length, [...(byLength.get(letters.length) ?? []), { word, letters }]);
  }
  return (text: string): string | undefined => {
    if (!text.includes("*")) return undefined;
    for (const word of (plain(text).match(starred) ?? []).filter(isMasked).slice(0, mostMasked)) {
      const isSeen = 2 * word.replaceAll("*", "").length >= word.length;
      const reads = ({ letters }: { letters: string }) =>
        [...word].every((letter, index) => letter === "*" || letter === letters[index]);
      const found = isSeen ? byLength.get(word.length)?.find(reads) : undefined;
      if (found !== undefined) return found.word;
    }
    return undefined;
  };
}
