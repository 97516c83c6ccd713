import type { VisitorId } from "../../protocol/events";

/** So many visitors are compared at most, one by one, for each replica: a crowd’s number is off by one or two in a hundred. */
export const mostSampled = 1_000;
/** Enough of a random id to tell some thousand apart. */
const letters = 8;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Two letters of an id halve a crowd so often. */
const mostLevel = 12;

/** `level`: a visitor is in it whose id ends in so many zeros, as any replica reads it. At level 0 every visitor is. */
export type VisitorSample = { count: number; level: number; ids: string[] };

/** Those of the visitors by whom replicas compare what they have. */
export function sampleOf(visitors: readonly VisitorId[]): VisitorSample {
  let [level, sampled] = [0, visitors];
  while (sampled.length > mostSampled && level < mostLevel) {
    level += 1;
    const reached = level;
    sampled = sampled.filter((id) => isAt(id, reached));
  }
  return { count: visitors.length, level, ids: sampled.map((id) => id.slice(0, letters)) };
}

/**
 * How many different visitors the replicas have together: exactly, while none has more than `mostSampled`. Of a crowd it compares those
 * that every replica has told, and takes the others to be on as many replicas as these.
 */
export function distinctIn(samples: readonly VisitorSample[]): number {
  const total = samples.reduce((sum, { count }) => sum + count, 0);
  const level = Math.max(0, ...samples.map((sample) => sample.level));
  const compared = samples.flatMap(({ ids }) => ids.filter((id) => isAt(id, level)));
  const distinct = new Set(compared).size;
  return distinct === 0 ? total : Math.round((total * distinct) / compared.length);
}

function isAt(id: string, level: number): boolean {
  const number = alphabet.indexOf(id[0] ?? "") * alphabet.length + alphabet.indexOf(id[1] ?? "");
  return number % 2 ** level === 0;
}
