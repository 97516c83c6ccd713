import type { IncomingHttpHeaders } from "node:http";
import type { Locale, SiteLanguages } from "../../protocol/locales";

/**
 * The address under which Next has the page in the reader's language, or undefined when that is the requested one. The
 * browser keeps the address that it asked for. An address that begins with a language says which one it wants; files and
 * the API have none.
 */
export function localizedUrl(
  url: string,
  headers: IncomingHttpHeaders,
  languages: SiteLanguages,
): string | undefined {
  const [path = "", ...query] = url.split("?");
  if (!isPage(path, languages)) return undefined;
  const language = readerLanguage(headers, languages);
  if (language === languages.original) return undefined;
  return [`/${language}${path === "/" ? "" : path}`, ...query].join("?");
}

/**
 * Where to send a reader who follows a link from a page whose address names the original language: the same address with
 * that language. The link names none, and without scripts nothing else keeps the reader's choice. Undefined elsewhere.
 */
export function explicitUrl(
  url: string,
  headers: IncomingHttpHeaders,
  languages: SiteLanguages,
): string | undefined {
  if (localizedUrl(url, headers, languages) === undefined || !isFromOriginal(headers, languages))
    return undefined;
  return `/${languages.original}${url.replace(/^\/(?=$|\?)/, "")}`;
}

/** Whether the reader comes from a page of this site whose address names the original language. */
function isFromOriginal({ referer = "", host }: IncomingHttpHeaders, { original }: SiteLanguages): boolean {
  if (!URL.canParse(referer)) return false;
  const from = new URL(referer);
  return from.host === host && new RegExp(`^/${original}(/|$)`, "i").test(from.pathname);
}

/** Next answers repeated slashes and backslashes with a redirect. */
function isPage(path: string, { on }: SiteLanguages): boolean {
  if (!path.startsWith("/") || /\/\/|\\/.test(path)) return false;
  const [first = "", ...rest] = path.slice(1).split("/");
  if (first === "_next" || first === "api" || on.some((locale) => locale === first.toLowerCase()))
    return false;
  // A post's name may have a dot.
  return first === "posts" || !(rest.at(-1) ?? first).includes(".");
}

/** The language chosen with the switch, else the one that the browser prefers among ours, else the original one. */
export function readerLanguage(
  { cookie = "", "accept-language": accepted = "" }: IncomingHttpHeaders,
  { original, on }: SiteLanguages,
): Locale {
  const [, chosen = ""] = /(?:^|;\s*)NEXT_LOCALE=([\w-]+)/.exec(cookie) ?? [];
  return known(chosen, on) ?? preferred(accepted, on) ?? original;
}

/** Reads `fr, ko-KR;q=0.8, *;q=0.1` (RFC 9110, 12.5.4). An item with a quality that is no number counts for nothing. */
function preferred(accepted: string, on: readonly Locale[]): Locale | undefined {
  const wishes = accepted.split(",").map((item) => {
    const [tag = "", ...parameters] = item.split(";").map((part) => part.trim());
    const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2) ?? "1";
    return {
      language: known(tag.split("-")[0] ?? "", on),
      isAny: tag === "*",
      quality: Number(quality || Number.NaN),
    };
  });
  const refused = new Set(wishes.filter(({ quality }) => quality === 0).map(({ language }) => language));
  const [best] = wishes
    .filter(
      ({ language, isAny, quality }) => quality > 0 && quality <= 1 && (isAny || language !== undefined),
    )
    .sort((one, other) => other.quality - one.quality);
  return best?.isAny ? on.find((locale) => !refused.has(locale)) : best?.language;
}

const known = (tag: string, on: readonly Locale[]): Locale | undefined =>
  on.find((locale) => locale === tag.toLowerCase());
