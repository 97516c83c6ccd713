import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { RoomId } from "../protocol/events";
import { postRoomPrefix, roomIdPattern } from "../protocol/limits";

/** The room of each post that this build has pages for, with the post's title. */
export type PostRooms = ReadonlyMap<RoomId, string>;

/** `export const title = "…";` at the head of a post, in any of the three quotes. */
const titleLine = /^export const title\s*=\s*(["'`])((?:\\.|(?!\1).)*)\1/m;

/**
 * The build does not follow this path, which would lead it to take the whole project along; next.config.js says which
 * files of it are wanted.
 */
const postsFolder = path.join(/*turbopackIgnore: true*/ process.cwd(), "posts");

/**
 * Reads which posts there are, from `SLUG/en.mdx` in their folder. A post whose title is written in another way goes
 * by its slug: the page is what its readers came for.
 */
export function readPostRooms(folder = postsFolder): PostRooms {
  if (!existsSync(folder)) return new Map();
  const slugs = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(originalOf(folder, entry.name)))
    .map(({ name }) => name);
  const rooms = slugs.map((slug) => [`${postRoomPrefix}${slug}`, titleOf(folder, slug)] as const);
  return new Map(rooms.filter(([id]) => roomIdPattern.test(id)));
}

/** The titles of every post in every language: nobody else's room has one of them. */
export function readPostTitles(folder = postsFolder): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith(".mdx"))
    .flatMap((file) => quotedTitle(path.join(file.parentPath, file.name)) ?? []);
}

const originalOf = (folder: string, slug: string): string => path.join(folder, slug, "en.mdx");

const titleOf = (folder: string, slug: string): string => quotedTitle(originalOf(folder, slug)) ?? slug;

const quotedTitle = (file: string): string | undefined =>
  titleLine.exec(readFileSync(file, "utf8"))?.[2]?.replace(/\\(.)/g, "$1");
