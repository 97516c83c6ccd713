import type { Locale, RoomId } from "./events";
import { postRoomPrefix, roomIdPattern } from "./limits";

/** How many letters of a folder's name its room's id shows, so that logs and addresses are readable. */
const readableLetters = 32;

/**
 * C-6. The room of a post, from its folder's name. A name that fits into a room id is used as it is; for any other, the
 * id has the letters that fit and a hash of the whole name. The same name has the same room on every machine.
 */
export function postRoomId(slug: string): RoomId {
  const plain = postRoomPrefix + slug;
  if (roomIdPattern.test(plain)) return plain;
  // macOS may return a folder's name in another Unicode form than it was written in.
  const name = slug.normalize("NFC");
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, readableLetters);
  return `${postRoomPrefix}${readable === "" ? "" : `${readable}-`}${numberOf(name)}`;
}

/** 64 bits (FNV-1a) as hexadecimal: the site's author chooses the names, so only chance could make two collide. */
function numberOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** A room's post: its path without a language, and its title with the title's language. */
export type PostOfRoom = { path: string; title: string; lang: Locale };

/** The path of a post on this site, without a language. */
export const postPath = (slug: string): string => `/posts/${encodeURIComponent(slug)}`;

/** What is wrong with the name of a post's folder. `says` is a sentence that follows the folder's path. */
type SlugFault = { slug: string; says: string };

/** The names of posts' folders that no address can carry, and those with the room of another. */
export function slugFaults(slugs: readonly string[]): SlugFault[] {
  const rooms = new Map<RoomId, string>();
  return slugs.flatMap((slug): SlugFault[] => {
    if (unservable.test(slug) || !slug.isWellFormed())
      return [{ slug, says: "a post’s folder may have no %, / or \\ and no control characters in its name" }];
    const room = postRoomId(slug);
    const other = rooms.get(room);
    if (other !== undefined)
      return [{ slug, says: `this post and ${other} would have one room, ${room}: rename one` }];
    rooms.set(room, slug);
    return [];
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unservable = /[%/\\\u0000-\u001f\u007f]/;

/** True for a day of the calendar, such as 2026-11-21. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
