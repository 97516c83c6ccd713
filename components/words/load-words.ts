import type { ProgramWords } from "./words";

/** Sentences of one page alone, which no other page carries. */
const pagePrefix = "privacy.";

/**
 * The sentences of a language, from the file named after it. For `getStaticProps`, `getServerSideProps` and the document
 * only: any other import puts every language into the browser's bundle.
 */
export async function loadWords(locale: string, { withPrivacy = false } = {}): Promise<ProgramWords> {
  const { default: words }: { default: ProgramWords } = await import(`./${locale}.json`);
  if (withPrivacy) return words;
  const entries = Object.entries(words).filter(([key]) => !key.startsWith(pagePrefix));
  return Object.fromEntries(entries) as ProgramWords;
}
