import languages from "./locales.json" with { type: "json" };

/**
 * The languages of the site. Each has a line in locales.json, its sentences in components/words and the words of its names
 * in server/names; nothing else lists them.
 */
export type Locale = keyof typeof languages;

export const locales = Object.keys(languages) as [Locale, ...Locale[]];

/** The language of addresses that name none. Every post is written in it; a translation is optional. */
export const originalLocale: Locale = "en";

/** A language's name in itself, and the country that link previews (`og:locale`) want with it. */
export const languageOf: Readonly<Record<Locale, { name: string; region: string }>> = languages;

/** The address of a page in that language, on a site at `origin`, or without a host for "". `path` begins with a slash. */
export function addressOf(origin: string, locale: Locale, path: string): string {
  if (locale === originalLocale) return origin + path;
  return `${origin}/${locale}${path === "/" ? "" : path}`;
}
