import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { RoomId } from "../protocol/events";
import { postRoomId } from "../protocol/posts";

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
  return new Map(slugs.map((slug) => [postRoomId(slug), titleOf(folder, slug)]));
}

const originalOf = (folder: string, slug: string): string => path.join(folder, slug, "en.mdx");

function titleOf(folder: string, slug: string): string {
  const quoted = titleLine.exec(readFileSync(originalOf(folder, slug), "utf8"))?.[2];
  return quoted?.replace(/\\(.)/g, "$1") ?? slug;
}
