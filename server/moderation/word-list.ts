import { skeleton } from "../names/skeleton";
import { spelledOut, stretchedWords, unstretched, withPlainLetters } from "./hidden-words";
import { SequenceFinder } from "./sequence-finder";

/** Scripts that are written without spaces between words, or with endings at them. */
const unspaced = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Words in the terms of a skeleton, which parts marks from their letters; and what is between words. */
const eachPiece = /[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const letter = /^[\p{L}\p{M}\p{N}]/u;
const sign = /[^\p{L}\p{M}\p{N} ]/u;
const eachSign = new RegExp(sign, "gu");
/** Between the words of one entry so many signs may stand. */
const mostBetween = 4;
const mostSpelled = 40;
const katakana = /[\u30a1-\u30f6]/gu;
const katakanaToHiragana = 0x60;

type Find = (text: string) => string | undefined;
type Entry = { word: string; reading: string };

/**
 * O-7. Finds one of these words in a text, both compared by skeleton: Korean, Japanese and Chinese ones anywhere, all others as
 * whole words, and none the less if they are hidden (hidden-words.ts). Undefined when there is none. Both the list and a text
 * take time with their length alone.
 */
export function wordFinder(words: readonly string[]): Find {
  const known = words
    .map((word) => ({ word, reading: readingOf(word) }))
    .filter(({ reading }) => reading !== "");
  const inText = finder(known, true);
  // Initials beside each other are often a short word, and people spell no long one.
  const inSpelled = finder(
    known.filter(
      ({ word, reading }) => (unspaced.test(word) || word.length > 2) && reading.length <= mostSpelled,
    ),
    false,
  );
  const inStretched = finder(
    known.map(({ word, reading }) => ({ word, reading: unstretched(reading) })),
    true,
  );
  return (text) => {
    const plain = withPlainLetters(text);
    return (
      inText(readingOf(text)) ??
      (plain === text ? undefined : inText(readingOf(plain))) ??
      inSpelled(readingOf(spelledOut(plain))) ??
      inStretched(unstretched(readingOf(stretchedWords(plain))))
    );
  };
}

/** Finds entries in a reading. `isWhole`: a part of a word is none, in scripts with spaces. */
function finder(entries: readonly Entry[], isWhole: boolean): Find {
  const isOfWords = ({ reading }: Entry) => isWhole && !unspaced.test(reading);
  const used = [true, false].flatMap((areWords) => {
    const mine = entries.filter((entry) => isOfWords(entry) === areWords);
    // Apart from the others: the signs of one entry would stand between the words of another.
    const [signed, plain] = [true, false].map((has) =>
      mine.filter(({ reading }) => sign.test(reading) === has),
    );
    return [plain ?? [], signed ?? []].map((group) => partFinder(group, areWords));
  });
  return (reading) => {
    for (const find of used) {
      const found = reading === "" ? undefined : find(reading);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function partFinder(entries: readonly Entry[], areWords: boolean): Find {
  const signs = new Set(entries.flatMap(({ reading }) => reading.match(eachSign) ?? []));
  const read = (reading: string) => symbolsOf(reading, signs, areWords);
  const sequences = new SequenceFinder(
    entries.map(({ word, reading }) => ({ symbols: read(reading), found: word })),
  );
  return entries.length === 0 ? () => undefined : (reading) => sequences.in(read(reading));
}

/** A symbol that no entry has. */
const apart = "\n";

/**
 * A reading as words, or as letters with a space between words. Of the signs between them it has those that entries have: so an
 * entry is found across any few others. A sign is told by the words that it touches: `c++` is no part of `c++x`.
 */
function symbolsOf(reading: string, signs: ReadonlySet<string>, areWords: boolean): string[] {
  const pieces = reading.match(eachPiece) ?? [];
  return pieces.flatMap((piece, index) => {
    if (letter.test(piece)) return areWords ? piece : [...piece];
    const all = [...piece];
    const kept = all.flatMap((each, place) => {
      if (!signs.has(each)) return [];
      const isAfter = areWords && place === 0 && index > 0;
      const isBefore = areWords && place === all.length - 1 && index < pieces.length - 1;
      return `${isAfter ? "<" : ""}${each}${isBefore ? ">" : ""}`;
    });
    if (all.length - kept.length > mostBetween) return [...kept, apart];
    return kept.length > 0 || areWords ? kept : " ";
  });
}

/** Skeletons tell hiragana from katakana, in which Japanese writes the same word. */
const readingOf = (text: string): string =>
  skeleton(text).replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - katakanaToHiragana));
