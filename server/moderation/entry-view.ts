import type { Entry, VisitorId } from "../../protocol/events";
import { jsonOf, messageIn, parseEntry, publishedOf, withheldOf } from "../broker/entry-json";
import type { FindPublication, Publication } from "./publications";

/**
 * The one place that decides what a reader is given of a withheld message (O-4): its author the entry as any other's, the
 * owner and moderators too but marked, all others a `withheld` entry in its place, with the number under which they have
 * the message if it was published. So each number is there for each reader, and leads to the message.
 */

export type Reader = { visitor: VisitorId; isStaff: boolean };

/** An entry as JSON as it is stored, and its bytes. Only `jsonFor` and `viewsOf` know who may read it. */
export type EntryLine = {
  seq: number;
  kind: Entry["kind"];
  json: string;
  bytes: number;
  withheldOf?: VisitorId;
  /** The author of the message that a `published` entry carries, or carried before it was removed. */
  publishedOf?: VisitorId;
  /** The message that it answers was published: readers have it under different numbers. */
  answers?: Publication;
  /** The number under which readers that are not given this withheld message have it, because it was published. */
  shownAs?: number;
};

export const linesOf = (entries: readonly Entry[], publicationOf?: FindPublication): EntryLine[] =>
  entries.map((entry) => {
    const json = jsonOf(entry);
    const [author, copied] = [withheldOf(entry), publishedOf(entry)];
    const { seq, kind } = entry;
    const replyTo = publicationOf && messageIn(entry)?.replyTo;
    const answers = replyTo === undefined ? undefined : publicationOf?.(replyTo);
    const shownAs = kind === "message" && author !== undefined ? publicationOf?.(seq)?.published : undefined;
    return {
      ...{ seq, kind, json, bytes: Buffer.byteLength(json) },
      ...(author !== undefined && { withheldOf: author }),
      ...(copied !== undefined && { publishedOf: copied }),
      ...(answers && { answers }),
      ...(shownAs !== undefined && { shownAs }),
    };
  });

/** Lines that were made earlier, with what has been published since. */
export const linesNow = (
  lines: readonly EntryLine[],
  publicationOf?: FindPublication,
): readonly EntryLine[] =>
  publicationOf === undefined
    ? lines
    : linesOf(
        lines.map(({ json }) => parseEntry(json)),
        publicationOf,
      );

/** The line as the reader is given it. */
export function jsonFor(line: EntryLine, reader: Reader): string {
  const json = shownTo(line, reader);
  return line.answers === undefined ? json : withNumberOf(line.answers, json, reader);
}

function shownTo(line: EntryLine, reader: Reader): string {
  const { json, kind, withheldOf: author, publishedOf: copied } = line;
  if (author === undefined && copied === undefined) return json;
  const { visitor, isStaff } = reader;
  // The author of a published message has it already, and is not told that it was withheld.
  const isGiven = isStaff || (author === undefined ? visitor !== copied : visitor === author);
  if (!isGiven) return placeholderFor(line);
  const plain = json.replace(mark, "}");
  return isStaff && author !== undefined && kind === "message"
    ? `${plain.slice(0, -1)},"withheld":true}`
    : plain;
}

function placeholderFor({ json, shownAs }: EntryLine): string {
  const place = /^\{"seq":\d+,"at":\d+,/.exec(json)?.[0] ?? "";
  return `${place}"kind":"withheld"${shownAs === undefined ? "" : `,"shownAs":${shownAs}`}}`;
}

/** The last field (entry-json.ts). No text looks like it: in JSON its quotes have backslashes. */
const mark = /,"(?:withheldOf|publishedOf)":"[^"]*"\}$/;

/** Staff has the message under both numbers. */
function withNumberOf({ author, written, published }: Publication, json: string, reader: Reader): string {
  const entry = JSON.parse(json) as Entry;
  const message = messageIn(entry);
  if (reader.isStaff || message === undefined) return json;
  message.replyTo = reader.visitor === author ? written : published;
  return JSON.stringify(entry);
}

/** The same for entries that are not JSON yet. */
export function entriesFor(
  entries: readonly Entry[],
  reader: Reader,
  publicationOf?: FindPublication,
): Entry[] {
  const isPlain = entries.every(
    (entry) => withheldOf(entry) === undefined && publishedOf(entry) === undefined,
  );
  return isPlain && publicationOf === undefined
    ? [...entries]
    : linesOf(entries, publicationOf).map((line) => JSON.parse(jsonFor(line, reader)) as Entry);
}

/** Readers with the same key are given the same of these lines; undefined when all readers are. */
export function viewsOf(lines: readonly EntryLine[]): ((reader: Reader) => string) | undefined {
  const authors = new Set(
    lines.flatMap(({ withheldOf: author, publishedOf, answers }) =>
      [author, publishedOf, answers?.author].filter((each) => each !== undefined),
    ),
  );
  if (authors.size === 0) return undefined;
  return ({ visitor, isStaff }) =>
    isStaff ? "staff" : authors.has(visitor) ? `author ${visitor}` : "others";
}

/** Lists of typists by reader: those with the same key are given the same. */
export type TypistViews<M> = { keyOf(reader: Reader): string; listFor(reader: Reader): M[] };

/**
 * A shadowed visitor is seen typing by itself and by the owner and moderators only. Undefined when all readers are given
 * the same list.
 */
export function typistViewsOf<M extends { id: VisitorId }>(
  members: readonly M[],
  isShadowed: (visitor: VisitorId) => boolean,
): TypistViews<M> | undefined {
  const shadowed = new Set(members.map(({ id }) => id).filter(isShadowed));
  if (shadowed.size === 0) return undefined;
  return {
    keyOf: ({ visitor, isStaff }) =>
      isStaff ? "staff" : shadowed.has(visitor) ? `typist ${visitor}` : "others",
    listFor: ({ visitor, isStaff }) =>
      members.filter(({ id }) => isStaff || id === visitor || !shadowed.has(id)),
  };
}
