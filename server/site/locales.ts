import type { Locale } from "../../protocol/events";

/** As next.config.js has them; the first one has addresses without a language. */
export const locales: readonly Locale[] = ["en", "ko", "ja"];
export const originalLocale: Locale = "en";

/** The address of a page in that language, on a site at `origin`. `path` begins with a slash. */
export function addressOf(origin: string, locale: Locale, path: string): string {
  if (locale === originalLocale) return origin + path;
  return `${origin}/${locale}${path === "/" ? "" : path}`;
}
