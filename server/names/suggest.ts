import { uniqueNamesGenerator } from "unique-names-generator";
import type { Locale } from "../../protocol/locales";
import { skeleton } from "./skeleton";
import { vocabularies } from "./vocabulary";

/**
 * `count` random names in the language, 2 to 19 graphemes each, no two with the same skeleton. `random` gives a
 * number from 0 to below 1, as Math.random, and is asked once. Throws RangeError when that is more than there are.
 */
export function suggestNames(
  locale: Locale,
  count: number,
  random: () => number,
): { name: string; skeleton: string }[] {
  const { adjectives, nouns, "between words": between } = vocabularies[locale];
  const dictionaries = [adjectives, nouns];
  const separator = between.includes("nothing") ? "" : " ";
  const most = adjectives.length * nouns.length;
  const bySkeleton = new Map<string, string>();
  const start = Math.floor(random() * 2 ** 32);
  for (let tries = 0; bySkeleton.size < count; tries += 1) {
    if (count > most || tries > maxTriesPerName * count)
      throw new RangeError(`No ${count} different names in ${locale}.`);
    const name = uniqueNamesGenerator({ dictionaries, separator, seed: seedOf(start, tries) });
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
