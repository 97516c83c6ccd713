import { pageNames } from "../../content/page-names";
import { lobbyId, roomIdPattern } from "../../protocol/limits";
import type { Locale } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";

/** What the site has under its own names. */
export type SitePaths = { languages: readonly Locale[]; slugs: readonly string[] };

/**
 * The canonical spelling of a page's path (lower case, NFC), or undefined when the path is canonical already or names
 * no page. `url` is a path, perhaps with a query; the result begins with one slash.
 */
export function canonicalUrl(url: string, paths: SitePaths): string | undefined {
  const [path = "", ...query] = url.split("?");
  const right = canonicalPath(path, paths);
  return right === undefined || right === path ? undefined : [right, ...query].join("?");
}

function canonicalPath(path: string, { languages, slugs }: SitePaths): string | undefined {
  const [root, ...parts] = path.split("/");
  if (root !== "" || parts.length === 0) return undefined;
  const language = parts[0]?.toLowerCase();
  const hasLanguage = languages.some((locale) => locale === language);
  const [page = "", name, ...rest] = hasLanguage ? parts.slice(1) : parts;
  const right = page.toLowerCase();
  if (rest.length > 0 || (page === "" && !hasLanguage) || (page !== "" && !pageNames.has(right)))
    return undefined;
  const start = `${hasLanguage ? `/${language}` : ""}${page === "" ? "" : `/${right}`}`;
  return name === undefined ? start : start + nameIn(right, name, slugs);
}

/**
 * The second part as its page spells it. A visitor's id may have capitals, so it stays as it is; so do unknown parts.
 */
function nameIn(page: string, name: string, slugs: readonly string[]): string {
  const asItIs = `/${name}`;
  if (page === "me") return asItIs.toLowerCase();
  if (page === "chat") return roomIn(name);
  if (page !== "posts") return asItIs;
  const wanted = decoded(name);
  if (wanted === undefined || slugs.includes(wanted)) return asItIs;
  const [only, ...others] = slugs.filter((slug) => folded(slug) === folded(wanted));
  return only === undefined || others.length > 0 ? asItIs : postPath(only).slice("/posts".length);
}

/** The lobby is the chat's own page. */
function roomIn(name: string): string {
  const room = name.toLowerCase();
  if (room === lobbyId) return "";
  return `/${roomIdPattern.test(room) ? room : name}`;
}

const folded = (slug: string): string => slug.normalize("NFC").toLowerCase();

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
