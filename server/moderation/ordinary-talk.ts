import { readFileSync } from "node:fs";
import path from "node:path";
import { locales } from "../../protocol/locales";

/** The build does not follow this path; next.config.js lists the files. */
const folder = path.join(/*turbopackIgnore: true*/ process.cwd(), "server/moderation");

/** What people say in each language of the site, as a chat has it. The guard withholds none of it by itself. */
export const ordinaryTalk = (language: string): string[] =>
  readFileSync(path.join(/*turbopackIgnore: true*/ folder, `ordinary-talk.${language}.txt`), "utf8")
    .trim()
    .split("\n");

/** Lines with words that owners like to list inside of other words, or in another meaning. */
const nearTalk = (): string[] => ordinaryTalk("near");

/** A listed word, and a line of ordinary talk that has it. */
export type OrdinaryHit = { word: string; text: string };

/** The words that `find` finds in ordinary talk, each with the first line. */
export function ordinaryHits(find: (text: string) => string | undefined): OrdinaryHit[] {
  const hits = new Map<string, string>();
  for (const text of [...nearTalk(), ...locales.flatMap(ordinaryTalk)]) {
    const word = find(text);
    if (word !== undefined && !hits.has(word)) hits.set(word, text);
  }
  return Array.from(hits, ([word, text]) => ({ word, text }));
}
