import { readFileSync } from "node:fs";
import path from "node:path";
import { type Locale, locales } from "../../protocol/locales";

/** The sections that a file of words may have; the head of en.txt explains them. */
const emptySections = () => ({
  adjectives: [] as string[],
  nouns: [] as string[],
  /** The word "nothing", in a language that puts no space between the two words of a name. */
  "between words": [] as string[],
  speakers: [] as string[],
  "page words": [] as string[],
  before: [] as string[],
  after: [] as string[],
  "beside names": [] as string[],
  anywhere: [] as string[],
  lobby: [] as string[],
});

/** The words of a language, by section. */
export type Vocabulary = Readonly<ReturnType<typeof emptySections>>;

/** The build does not follow this path; next.config.js lists the files. */
const folder = path.join(/*turbopackIgnore: true*/ process.cwd(), "server/names");

/** Throws an Error that quotes the line, for an unknown section or for words before the first. */
export function readVocabulary(text: string): Vocabulary {
  const sections = emptySections();
  let words: string[] | undefined;
  for (const line of text.split("\n").filter((each) => each.trim() !== "" && !each.startsWith("#"))) {
    const head = line.endsWith(":") ? line.slice(0, -1) : undefined;
    if (head !== undefined) words = Object.entries(sections).find(([name]) => name === head)?.[1];
    if (words === undefined) throw new Error(`A file of words has the line "${line}" in no known section.`);
    if (head === undefined) words.push(...line.trim().split(/\s+/));
  }
  return sections;
}

const readFile = (locale: Locale) =>
  readVocabulary(readFileSync(path.join(/*turbopackIgnore: true*/ folder, `${locale}.txt`), "utf8"));

export const vocabularies = Object.fromEntries(
  locales.map((locale) => [locale, readFile(locale)]),
) as Readonly<Record<Locale, Vocabulary>>;
