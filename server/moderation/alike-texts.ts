import { skeleton } from "../names/skeleton";
import { laughter, leastCopied, leastRepeated, letterWeights } from "./guard-scores";
import { hasLink } from "./links";

/** Two texts of which this much reads alike are one. It bounds the work on a long text. */
const mostCompared = 512;

/**
 * What is compared of a text, so that two that a reader takes for one are one (docs/decisions/097-texts-that-read-alike.md).
 * `byOne`: with the texts of the same visitor, `byMany`: with those of others. `isShort`: many write it without copying.
 */
export type Readings = { byOne: string; byMany: string; isShort: boolean };

const unseen = /\p{Default_Ignorable_Code_Point}+/gu;
const letterless = /(?<=^|\s)[^\p{L}\s]+(?=\s|$)/gu;
const ends = /^[^\p{L}]+|[^\p{L}]+$/gu;
const betweenWords = /[^\p{L}\p{M}\p{N}]+/gu;
/** `lmaooooo`, `hahaha`, `spam spam spam`: in a skeleton `m` is two letters. */
const again = /(.{1,6}?)\1+/gu;

/** Undefined for laughter and for answers, which everybody repeats. */
export function readingsOf(text: string): Readings | undefined {
  const shown = shownOf(text);
  const said = onceEach(shown.toLowerCase().replace(betweenWords, "") || shown.replace(/\s+/gu, ""));
  const isLong = shown.length > laughter.length;
  const weight = isLong ? leastCopied : weightOf(said);
  if (weight < leastRepeated || (!isLong && new Set(said).size <= laughter.characters)) return undefined;
  const byMany = `${readingOf(shown) || said} ${numbersIn(shown)}`;
  // Who shares sources numbers them: so the numbers of a text with a link are part of it.
  const unnumbered = hasLink(shown) ? "" : readingOf(shown.replace(letterless, "").replace(ends, ""));
  return { byOne: unnumbered || byMany, byMany, isShort: weight < leastCopied };
}

/** Beside a skeleton, in which 0 is an o and a row of one digit is one digit. */
const numbersIn = (text: string): string => text.match(/\p{Nd}+/gu)?.join(" ") ?? "";

const shownOf = (text: string): string =>
  text.replace(unseen, "").replace(/\s+/gu, " ").slice(0, mostCompared).normalize("NFKC").replace(unseen, "");

/** Letters and digits by their looks. */
const readingOf = (text: string): string => onceEach(skeleton(text).replace(betweenWords, ""));

const onceEach = (reading: string): string => reading.replace(again, "$1");

const weightOf = (reading: string): number =>
  Array.from(reading).reduce((sum, letter) => {
    const [, weight] = letterWeights.find(([script]) => script.test(letter)) ?? [];
    return sum + (weight ?? 0);
  }, 0);
