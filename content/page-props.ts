import { loadWords } from "../components/words/load-words";
import type { SiteWords, Words } from "../components/words/words";
import type { Locale } from "../protocol/locales";
import type { Picture } from "./pictures";
import { currentSite, type Site } from "./site";

/** What the owner puts into the header, in the reader's language; the name is among the words. */
export type HeaderSite = {
  /** The name in another script. */
  second?: { text: string; lang: string };
  logo?: Picture;
  links: readonly { label: string; href: string }[];
};

/** The beginning of the front page, in the reader's language. */
export type Home = { title: string; lead: string; picture?: Picture };

/** What the owner adds to the page “Privacy”, in the reader's language. */
export type OwnersPrivacy = { text?: string; imprint?: string };

/** What each page carries: the sentences of its language, and the owner's part of the header. */
export type PageProps = { words: Words; site: HeaderSite };

type Options = Parameters<typeof loadWords>[1];

/** For `getStaticProps` and `getServerSideProps`; `locale` is the one that Next found in the address. */
export async function pageProps(locale: string | undefined, options?: Options): Promise<PageProps> {
  const site = currentSite();
  const language = (locale ?? site.languages.original) as Locale;
  const words = { ...(await loadWords(language, options)), ...siteWords(site, language) };
  return { words, site: headerOf(site, language) };
}

export function homeIn(locale: Locale): Home {
  const { title, lead, picture } = currentSite().home;
  return { title: title[locale], lead: lead[locale], ...(picture && { picture }) };
}

export function ownersPrivacyIn(locale: Locale): OwnersPrivacy {
  const { text, imprint } = currentSite().privacy;
  return { ...(text && { text: text[locale] }), ...(imprint !== undefined && { imprint }) };
}

const siteWords = ({ name, tagline }: Site, locale: Locale): SiteWords => ({
  "site.name": name[locale],
  "site.description": tagline[locale],
});

const headerOf = ({ secondName, logo, links }: Site, locale: Locale): HeaderSite => ({
  ...(secondName && { second: secondName }),
  ...(logo && { logo }),
  links: links.map(({ label, href }) => ({ label: label[locale], href })),
});
