import { originalLocale } from "../../protocol/locales";
import type { Words } from "./words";

/**
 * The sentences of a language, from the file named after it. For `getStaticProps`, `getServerSideProps` and the document
 * only: any other import puts every language into the browser's bundle.
 */
export async function loadWords(locale: string = originalLocale): Promise<Words> {
  const { default: words }: { default: Words } = await import(`./${locale}.json`);
  return words;
}
