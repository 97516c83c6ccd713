import { uniqueNamesGenerator } from "unique-names-generator";
import type { Locale } from "../../protocol/events";
import * as en from "./en";
import * as ja from "./ja";
import * as ko from "./ko";
import { skeleton } from "./skeleton";

type Vocabulary = { dictionaries: string[][]; separator: string; style: "capital" | "lowerCase" };

const vocabularies: Record<Locale, Vocabulary> = {
  en: { dictionaries: [en.adjectives, en.animals], separator: " ", style: "capital" },
  ko: { dictionaries: [ko.adjectives, ko.nouns], separator: " ", style: "lowerCase" },
  ja: { dictionaries: [ja.adjectives, ja.nouns], separator: "", style: "lowerCase" },
};

/**
 * `count` random names in the language, 2 to 19 graphemes each, no two with the same skeleton. `random` gives a
 * number from 0 to below 1, as Math.random, and is asked once. Throws RangeError when that is more than there are.
 */
export function suggestNames(
  locale: Locale,
  count: number,
  random: () => number,
): { name: string; skeleton: string }[] {
  const vocabulary = vocabularies[locale];
  const most = vocabulary.dictionaries.reduce((product, words) => product * words.length, 1);
  const bySkeleton = new Map<string, string>();
  const start = Math.floor(random() * 2 ** 32);
  for (let tries = 0; bySkeleton.size < count; tries += 1) {
    if (count > most || tries > maxTriesPerName * count)
      throw new RangeError(`No ${count} different names in ${locale}.`);
    const name = uniqueNamesGenerator({ ...vocabulary, seed: seedOf(start, tries) });
    const key = skeleton(name);
    if (!bySkeleton.has(key)) bySkeleton.set(key, name);
  }
  return Array.from(bySkeleton, ([key, name]) => ({ name, skeleton: key }));
}

/** For a crowd that has taken every suggested name: "Brave Otter 2". `n` is a whole number, 9,999 at most. */
export const numberedName = (name: string, n: number): string => `${name} ${n}`;

/** Each language has thousands of names: even for half of them, a twentieth try is rare. */
const maxTriesPerName = 20;

/** Seeds of consecutive tries are far apart (by the golden ratio of 2^32); the library treats 0 as no seed. */
const seedOf = (start: number, tries: number): number => (start + tries * 0x9e37_79b1) >>> 0 || 1;
