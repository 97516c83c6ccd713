import { existsSync } from "node:fs";
import type { RoomId } from "../protocol/events";
import { type Locale, locales, type SiteLanguages } from "../protocol/locales";
import { type PostOfRoom, postPath, postRoomId, slugFaults } from "../protocol/posts";
import { type Fault, SiteError } from "./faults";
import { areDraftsShown, siteFolder, within } from "./folder";
import { namesIn } from "./listing";
import { type PostFile, type PostHead, readPostFile } from "./post-file";
import { currentSite } from "./site";
import { unseenFault } from "./unseen";

/** A post of the site, in the languages in which it is written and that are on. */
export type SitePost = {
  slug: string;
  room: RoomId;
  /** As 2026-11-21. */
  date: string;
  /** The language for readers of languages without a translation: the site's own, or the first in its list. */
  original: Locale;
  heads: ReadonlyMap<Locale, PostHead>;
};

type Options = { languages: SiteLanguages; withDrafts: boolean };

/** The posts, newest first. Throws a SiteError that names file and line of each mistake. */
export function readPosts(folder: string, options: Options): SitePost[] {
  const { slugs, faults } = slugsIn(within(folder, "posts"));
  const posts = slugs.flatMap((slug) => {
    try {
      return readPost(folder, slug, options);
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
      faults.push(...error.faults);
      return [];
    }
  });
  if (faults.length > 0) throw new SiteError(faults);
  return posts.sort((one, other) => other.date.localeCompare(one.date) || one.slug.localeCompare(other.slug));
}

/** The posts of this process; in `next dev` drafts as well. Throws a SiteError that names file and line of each mistake. */
export const currentPosts = (): SitePost[] =>
  readPosts(siteFolder(), { languages: currentSite().languages, withDrafts: areDraftsShown() });

function slugsIn(posts: string): { slugs: string[]; faults: Fault[] } {
  const { folders, files, faults } = namesIn(posts);
  const fault = (name: string, says: string): Fault => ({ file: within(posts, name), says });
  const unseen = folders.flatMap((name) => {
    const says = unseenFault(name);
    return says === undefined ? [] : [fault(name, `this name ${says}: rename the folder`)];
  });
  const strays = files
    .filter(isText)
    .map((name) => fault(name, "a post has a folder of its own: posts/NAME/ko.mdx"));
  const wrong = slugFaults(folders).map(({ slug, says }) => fault(slug, says));
  return { slugs: folders, faults: [...faults, ...unseen, ...strays, ...wrong] };
}

/** Names of texts, as editors and Windows give them; README.md is for readers of the repository. */
const isText = (name: string): boolean => /\.(mdx?|markdown)(\.txt)?$/i.test(name) && name !== "README.md";

function readPost(folder: string, slug: string, options: Options): SitePost[] {
  const files = filesOf(folder, slug, options);
  const { original: wanted } = options.languages;
  const [first] = files.keys();
  const original = files.has(wanted) ? wanted : first;
  const head = original && files.get(original)?.head;
  if (original === undefined || head === undefined) return [];
  const heads = new Map([...files].map(([locale, file]) => [locale, file.head]));
  return [{ slug, room: postRoomId(slug), date: head.date, original, heads }];
}

/** The languages of one post, in the site's order; none for one that is a draft as a whole. */
export function filesOf(folder: string, slug: string, options: Options): Map<Locale, PostFile> {
  const { languages, withDrafts } = options;
  const place = within(folder, "posts", slug);
  checkNames(place);
  const written = languages.on.filter((locale) => existsSync(within(place, `${locale}.mdx`)));
  if (written.length === 0) {
    const wanted = languages.on.map((locale) => `${locale}.mdx`).join(" or ");
    throw new SiteError([{ file: place, says: `there is no ${wanted}, and no other language is on` }]);
  }
  const read = written.map((locale) => [locale, readPostFile(within(place, `${locale}.mdx`))] as const);
  return new Map(read.filter(([, { isDraft }]) => withDrafts || !isDraft));
}

/** A text in a file of another name would be missing without a word. */
function checkNames(place: string): void {
  const { files, faults } = namesIn(place);
  const known = locales.map((locale) => `${locale}.mdx`);
  const wrong = files.filter((name) => isText(name) && !known.includes(name));
  const says = `a post’s file is named ${known.join(", ")}`;
  const all = [...faults, ...wrong.map((name) => ({ file: within(place, name), says }))];
  if (all.length > 0) throw new SiteError(all);
}

/** The language in which a reader of `locale` gets a post. */
export const languageFor = ({ heads, original }: SitePost, locale: Locale): Locale =>
  heads.has(locale) ? locale : original;

/** What a reader of `locale` reads about a post. */
export const headFor = (post: SitePost, locale: Locale): PostHead => {
  const head = post.heads.get(languageFor(post, locale));
  if (head === undefined) throw new Error(`${post.slug} has no head in its own language`);
  return head;
};

/** The room of each post, with the title that its first reader gives it. */
export const roomsOf = (posts: readonly SitePost[]): ReadonlyMap<RoomId, string> =>
  new Map(posts.map((post) => [post.room, headFor(post, post.original).title]));

/** The post whose room this is, with its title for a reader of `locale`. */
export function postOfRoom(posts: readonly SitePost[], room: RoomId, locale: Locale): PostOfRoom | undefined {
  const post = posts.find((each) => each.room === room);
  if (post === undefined) return undefined;
  return { path: postPath(post.slug), title: headFor(post, locale).title, lang: languageFor(post, locale) };
}

/** Every title that a post has, in every language: another room that had one would be taken for the post's. */
export const titlesOf = (posts: readonly SitePost[]): string[] =>
  posts.flatMap(({ heads }) => [...heads.values()].map(({ title }) => title));
