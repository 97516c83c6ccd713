import type { Entry, RoomId, VisitorId } from "../../protocol/events";
import { authorOf, jsonOf, withheldOf } from "../broker/entry-json";

/**
 * The one place that decides what a reader is given of a withheld message (O-4): its author the entry as any other's, the
 * owner and moderators too but marked, all others a `withheld` entry in its place. So each number is there for each reader.
 */

export type Reader = { visitor: VisitorId; isStaff: boolean };

/** An entry as JSON as it is stored, and its bytes. Only `jsonFor` and `viewsOf` know who may read it. */
export type EntryLine = {
  seq: number;
  kind: Entry["kind"];
  json: string;
  bytes: number;
  withheldOf?: VisitorId;
  /** The author of the message that a `published` entry carries. */
  publishedOf?: VisitorId;
};

export const linesOf = (entries: readonly Entry[]): EntryLine[] =>
  entries.map((entry) => {
    const json = jsonOf(entry);
    const author = withheldOf(entry);
    const { seq, kind } = entry;
    const line = { seq, kind, json, bytes: Buffer.byteLength(json) };
    if (kind === "published") return { ...line, publishedOf: authorOf(entry) ?? "" };
    return author === undefined ? line : { ...line, withheldOf: author };
  });

/** The line as the reader is given it. */
export function jsonFor(line: EntryLine, reader: Reader): string {
  const { json, kind, withheldOf: author, publishedOf } = line;
  const isOwnPublished = publishedOf === reader.visitor && !reader.isStaff;
  if (author === undefined && !isOwnPublished) return json;
  const place = /^\{"seq":\d+,"at":\d+,/.exec(json)?.[0] ?? "";
  // Its author has the message already, and is not told that it was withheld.
  if (isOwnPublished || (!reader.isStaff && reader.visitor !== author)) return `${place}"kind":"withheld"}`;
  // The mark is the last field.
  const plain = json.slice(0, json.lastIndexOf(',"withheldOf":'));
  return reader.isStaff && kind === "message" ? `${plain},"withheld":true}` : `${plain}}`;
}

/** The same for entries that are not JSON yet. */
export function entriesFor(entries: readonly Entry[], reader: Reader): Entry[] {
  return entries.every((entry) => withheldOf(entry) === undefined && entry.kind !== "published")
    ? [...entries]
    : linesOf(entries).map((line) => JSON.parse(jsonFor(line, reader)) as Entry);
}

/** Readers with the same key are given the same of these lines; undefined when all readers are. */
export function viewsOf(lines: readonly EntryLine[]): ((reader: Reader) => string) | undefined {
  const authors = new Set(
    lines.flatMap(({ withheldOf: author, publishedOf }) =>
      [author, publishedOf].filter((each) => each !== undefined),
    ),
  );
  if (authors.size === 0) return undefined;
  return ({ visitor, isStaff }) =>
    isStaff ? "staff" : authors.has(visitor) ? `author ${visitor}` : "others";
}

/** Who is shadowed is seen typing by itself and by the owner and moderators only. */
export function typistsFor<M extends { id: VisitorId }>(
  members: readonly M[],
  { visitor, isStaff }: Reader,
  room: RoomId,
  isShadowed: (visitor: VisitorId, room: RoomId) => boolean,
): M[] {
  return members.filter(({ id }) => isStaff || id === visitor || !isShadowed(id, room));
}
