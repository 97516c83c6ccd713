import en from "./en.json";
import ja from "./ja.json";
import ko from "./ko.json";
import type { Words } from "./words";

const byLocale: Record<string, Words> = { en, ko, ja };

/**
 * For `getStaticProps` and `getServerSideProps` only: any other import puts three languages into the browser's bundle.
 */
export const loadWords = (locale: string | undefined): Words => byLocale[locale ?? "en"] ?? en;
