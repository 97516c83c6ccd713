import type { ProgramWords } from "./words";

/** Sentences of one page alone, which no other page carries: the first part of their keys. */
const ofPages = ["privacy", "owner"] as const;
type Options = { page?: (typeof ofPages)[number] };

/**
 * The sentences of a language, from the file named after it. For `getStaticProps`, `getServerSideProps` and the document
 * only: any other import puts every language into the browser's bundle.
 */
export async function loadWords(locale: string, { page }: Options = {}): Promise<ProgramWords> {
  const { default: words }: { default: ProgramWords } = await import(`./${locale}.json`);
  const others = ofPages.filter((each) => each !== page).map((each) => `${each}.`);
  const entries = Object.entries(words).filter(([key]) => !others.some((prefix) => key.startsWith(prefix)));
  return Object.fromEntries(entries) as ProgramWords;
}
