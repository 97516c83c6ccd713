import languages from "./locales.json" with { type: "json" };

/**
 * The languages that Madang speaks. Each has a line in locales.json, its sentences in components/words and the words of
 * its names in server/names; nothing else lists them.
 */
export type Locale = keyof typeof languages;

export const locales = Object.keys(languages) as [Locale, ...Locale[]];

/** A language's name in itself, and the country that link previews (`og:locale`) want with it. */
export const languageOf: Readonly<Record<Locale, { name: string; region: string }>> = languages;

/** The languages of one site: its owner chooses them in site/site.json. */
export type SiteLanguages = Readonly<{
  /** The language of addresses that name none. */
  original: Locale;
  /** Every language that is on, the original one among them. */
  on: readonly Locale[];
}>;

/** `origin` is "" for addresses without a host. */
export type SiteAddress = Readonly<{ origin: string; original: Locale }>;

/** The address of a page in that language. `path` begins with a slash. */
export function addressOf({ origin, original }: SiteAddress, locale: Locale, path: string): string {
  if (locale === original) return origin + path;
  return `${origin}/${locale}${path === "/" ? "" : path}`;
}

export const isLocale = (text: string): text is Locale => Object.hasOwn(languages, text);
