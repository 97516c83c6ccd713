import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Locale, RoomId } from "../../protocol/events";
import { locales, originalLocale } from "../../protocol/locales";
import { isDay, type PostOfRoom, postPath, postRoomId, wordIn } from "../../protocol/posts";

/** What the head of a post says in one language. */
export type PostHead = { title: string; summary: string };

/** A post that this build has pages for. */
export type SitePost = {
  slug: string;
  room: RoomId;
  /** As 2026-11-21; undefined where it is written in a way that only the build can read. */
  date: string | undefined;
  /** In each language in which it is written; the original always. */
  heads: ReadonlyMap<Locale, PostHead>;
};

/**
 * The build must not follow this path, or it would include the whole project; next.config.js lists the files that are
 * needed.
 */
const postsFolder = path.join(/*turbopackIgnore: true*/ process.cwd(), "posts");

/**
 * Reads which posts there are, from `SLUG/en.mdx` and its translations in their folder, the newest first. A post whose
 * title is written in another way goes by its slug: the page is what its readers came for.
 */
export function readSitePosts(folder = postsFolder): SitePost[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readPost(path.join(folder, name), name))
    .sort(
      (one, other) => (other.date ?? "").localeCompare(one.date ?? "") || one.slug.localeCompare(other.slug),
    );
}

/** The room of each post, with the title that its first reader gives it. */
export const roomsOf = (posts: readonly SitePost[]): ReadonlyMap<RoomId, string> =>
  new Map(posts.map(({ room, slug, heads }) => [room, heads.get(originalLocale)?.title ?? slug]));

function readPost(folder: string, slug: string): SitePost[] {
  const texts = locales.flatMap((locale) => {
    const file = path.join(folder, `${locale}.mdx`);
    return existsSync(file) ? [[locale, readFileSync(file, "utf8")] as const] : [];
  });
  const original = texts.find(([locale]) => locale === originalLocale)?.[1];
  if (original === undefined) return [];
  const heads = texts.map(([locale, text]) => {
    const [title, summary] = [wordIn(text, "title") ?? slug, wordIn(text, "summary") ?? ""];
    return [locale, { title, summary }] as const;
  });
  const date = wordIn(original, "date");
  return [{ slug, room: postRoomId(slug), date: isDay(date) ? date : undefined, heads: new Map(heads) }];
}

/** The post whose room this is, with its title for a reader of `locale`. */
export function postOfRoom(posts: readonly SitePost[], room: RoomId, locale: Locale): PostOfRoom | undefined {
  const post = posts.find((each) => each.room === room);
  if (post === undefined) return undefined;
  const lang = post.heads.has(locale) ? locale : originalLocale;
  return { path: postPath(post.slug), title: post.heads.get(lang)?.title ?? post.slug, lang };
}

/** Every title that a post has, in every language: another room that had one would be taken for the post's. */
export const titlesOf = (posts: readonly SitePost[]): string[] =>
  posts.flatMap(({ heads }) => [...heads.values()].map(({ title }) => title));
