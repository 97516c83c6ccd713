import { skeleton } from "../names/skeleton";
import { asDrawn } from "./drawn-text";
import {
  undisguised,
  unspacedScripts,
  withFragmentsJoined,
  withoutMarks,
  withoutSignsInside,
  withRowsJoined,
} from "./hidden-words";
import { SequenceFinder } from "./sequence-finder";
import { splitFinder } from "./split-words";
import { unstretchedScripts, withSoundMarks, withSyllables } from "./stretched-scripts";
import { maskedFinder, stretchedFinder } from "./stretched-words";

const unspaced = new RegExp(`[${unspacedScripts}]`, "u");
/** Words in the terms of a skeleton, which parts marks from their letters; and the characters between words. */
const eachPiece = /[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const letter = /^[\p{L}\p{M}\p{N}]/u;
const sign = /[^\p{L}\p{M}\p{N} ]/u;
const eachSign = new RegExp(sign, "gu");
/** Between the words of one entry so many signs may stand. */
const mostBetween = 4;
/** Two words are one as well: `fuckyou`. Short ones may be another word then. */
const leastJoined = 6;
const katakana = /[\u30a1-\u30f6]/gu;
const katakanaToHiragana = 0x60;

type Find = (text: string) => string | undefined;
type Entry = { word: string; reading: string };

/**
 * O-7. Finds one of these words in a text, both compared by skeleton: Korean, Japanese and Chinese ones anywhere, all others as
 * whole words, and none the less if they are hidden (docs/decisions/098-hidden-words.md). Undefined when there is none. Both the
 * list and a text take time with their length alone.
 */
export function wordFinder(words: readonly string[]): Find {
  const known = words
    .map((word) => ({ word, reading: readingOf(word) }))
    .filter(({ reading }) => reading !== "");
  if (known.length === 0) return () => undefined;
  const isUnspaced = ({ reading }: Entry) => unspaced.test(reading);
  const plain = known.filter(({ reading }) => !sign.test(reading));
  const [inSpaced, inUnspaced] = [
    hiddenFinder(plain.filter((entry) => !isUnspaced(entry))),
    hiddenInUnspaced(plain.filter(isUnspaced)),
  ];
  const inText = finder([...known, ...joinedOf(plain)]);
  return (text) => {
    const readings = new Set<string>();
    const findNew = (variant: string) => {
      if (readings.has(variant)) return undefined;
      readings.add(variant);
      return inText(readingOf(variant));
    };
    const search = (each: string) => findNew(each) ?? inSpaced(each, findNew) ?? inUnspaced(each, findNew);
    const drawn = asDrawn(text);
    return search(text) ?? (drawn === text ? undefined : search(drawn));
  };
}

/** Looks into other spellings of a text. `find` remembers those that it has looked into. */
type FindHidden = (text: string, find: Find) => string | undefined;

function hiddenFinder(entries: readonly Entry[]): FindHidden {
  if (entries.length === 0) return () => undefined;
  const single = entries.filter(({ reading }) => !reading.includes(" "));
  const stretched = stretchedFinder(single, readingOf);
  const masked = maskedFinder(single);
  return (text, find) => {
    const bare = withoutMarks(text);
    const joined = withoutSignsInside(undisguised(withRowsJoined(bare)));
    return (
      find(undisguised(bare)) ??
      find(joined) ??
      find(withFragmentsJoined(joined)) ??
      stretched(bare) ??
      masked(bare)
    );
  };
}

function hiddenInUnspaced(entries: readonly Entry[]): FindHidden {
  if (entries.length === 0) return () => undefined;
  const split = splitFinder(
    entries.map(({ word }) => ({ word, reading: kanaOf(word.replace(/\s+/gu, "")) })),
  );
  return (text, find) => {
    const whole = withSyllables(withSoundMarks(text).normalize("NFC"));
    return find(whole) ?? find(unstretchedScripts(whole)) ?? split(kanaOf(unstretchedScripts(whole)));
  };
}

const joinedOf = (entries: readonly Entry[]): Entry[] =>
  entries
    .filter(({ reading }) => reading.includes(" "))
    .map(({ word, reading }) => ({ word, reading: reading.replaceAll(" ", "") }))
    .filter(({ reading }) => unspaced.test(reading) || reading.length >= leastJoined);

/** Finds entries in a reading: in scripts with spaces as whole words only. */
function finder(entries: readonly Entry[]): Find {
  const used = [true, false].flatMap((areWords) => {
    const mine = entries.filter(({ reading }) => unspaced.test(reading) !== areWords);
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

/** Katakana as hiragana, in which Japanese writes the same word. */
const inHiragana = (text: string): string =>
  text.replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - katakanaToHiragana));

const readingOf = (text: string): string => inHiragana(skeleton(text));

/** Syllables stay whole, unlike in a skeleton: some of their letters look like Latin ones. */
const kanaOf = (text: string): string => inHiragana(text.normalize("NFKC"));
