import { lobbyId, roomIdPattern } from "../../protocol/limits";
import { locales } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";

/** The pages by their first part, and what may follow it. */
const places = new Set([
  "chat",
  "rooms",
  "direct",
  "me",
  "posts",
  "sitemap.xml",
  "robots.txt",
  "feed.xml",
  "manifest.webmanifest",
]);

/**
 * The canonical spelling of a page's path (lower case, NFC), or undefined when the path is canonical already or names no
 * page. `url` is a path, perhaps with a query; the result begins with one slash.
 */
export function canonicalUrl(url: string, slugs: readonly string[]): string | undefined {
  const [path = "", ...query] = url.split("?");
  const right = canonicalPath(path, slugs);
  return right === undefined || right === path ? undefined : [right, ...query].join("?");
}

function canonicalPath(path: string, slugs: readonly string[]): string | undefined {
  const [root, ...parts] = path.split("/");
  if (root !== "" || parts.length === 0) return undefined;
  const language = parts[0]?.toLowerCase();
  const hasLanguage = locales.some((locale) => locale === language);
  const [place = "", name, ...rest] = hasLanguage ? parts.slice(1) : parts;
  const right = place.toLowerCase();
  if (rest.length > 0 || (place === "" && !hasLanguage) || (place !== "" && !places.has(right)))
    return undefined;
  const start = `${hasLanguage ? `/${language}` : ""}${place === "" ? "" : `/${right}`}`;
  return name === undefined ? start : start + nameIn(right, name, slugs);
}

/** A visitor's id has capitals of its own; of anything else that is not known, the address stays as it is. */
function nameIn(place: string, name: string, slugs: readonly string[]): string {
  const asItIs = `/${name}`;
  if (place === "me") return asItIs.toLowerCase();
  if (place === "chat") return roomIn(name);
  if (place !== "posts") return asItIs;
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
