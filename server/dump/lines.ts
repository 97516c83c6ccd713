import { z } from "zod";
import type { RoomLine } from "../broker/room-dump";
import { kindOfRecord } from "../records/key-kinds";
import { isDumped, type RecordLine } from "../records/record-dump";

/** The format of a dump. A program that changes the meaning of a line raises it, and reads the older ones. */
export const dumpVersion = 1;

/** The first line. `hasSecrets`: the session secret and the accounts' passwords are in it. */
export type DumpHeader = { madang: "store"; version: number; exportedAt: number; hasSecrets: boolean };

/** `secret`: signs the visitors' tokens. `end`: the last line, with the number of the lines before it. */
export type DumpLine = RoomLine | RecordLine | { secret: string } | { end: { lines: number } };

const whole = z.number().int().nonnegative();
/** A thousand entries a second for thirty years; a store counts on from here, and no number may become inexact. */
const mostEntries = 1_000_000_000_000;
const number = whole.max(mostEntries);
/** The last moment that a Date can show. */
const lastMoment = 8_640_000_000_000_000;
const time = whole.max(lastMoment);
const id = z.string().min(1).max(200);
const numbered = { seq: number.positive(), at: time };
// A script reads the name behind all else, and the mark of a withheld message at the end: the order of the fields counts.
const by = z.strictObject({ id, role: z.enum(["owner", "moderator"]).optional(), name: z.string() });
const withheldOf = id.optional();

const message = z.strictObject({
  ...numbered,
  kind: z.literal("message"),
  by,
  text: z.string(),
  clientMessageId: z.string(),
  replyTo: number.optional(),
  withheldOf,
});
const entry = z.discriminatedUnion("kind", [
  message,
  z.strictObject({ ...numbered, kind: z.enum(["join", "leave", "closed"]), by }),
  z.strictObject({ ...numbered, kind: z.literal("rename"), by, was: z.string() }),
  z.strictObject({
    ...numbered,
    kind: z.literal("visits"),
    joined: number,
    left: number,
    memberCount: number,
    gone: z.array(id).optional(),
  }),
  z.strictObject({
    ...numbered,
    kind: z.literal("removal"),
    targets: z.array(number),
    forgotten: id.optional(),
    withheldOf,
    publishedOf: id.optional(),
  }),
  z.strictObject({ ...numbered, kind: z.literal("removed"), withheldOf, publishedOf: id.optional() }),
  z.strictObject({ ...numbered, kind: z.literal("published"), message }),
]);

const cursor = z.strictObject({ epoch: z.string(), seq: number });
const room = z.strictObject({
  id: z.string().regex(/^[^{}\s]{1,200}$/),
  title: z.string(),
  kind: z.enum(["public", "direct"]),
  createdAt: time,
  closed: z.boolean(),
  owner: id.optional(),
  askedBy: id.optional(),
  sharedRoom: z.string().optional(),
  epoch: id,
  head: number,
  lastEntryAt: time,
  lastMessage: cursor.optional(),
  repliedAt: time.optional(),
  lastBy: z.string().optional(),
  rewoundFrom: z.string().optional(),
  ownViews: z.record(id, z.strictObject({ lastMessage: cursor, repliedAt: time.optional() })).optional(),
  crowd: z.strictObject({ joined: number, left: number, gone: z.array(id) }).optional(),
  countedJoins: z.array(id).optional(),
  unread: z.record(id, z.array(number)).optional(),
});
const name = { room: z.string(), visitor: id };
const kept = { skeleton: z.string(), until: time };
const ofRecord = {
  key: z
    .string()
    .regex(/^[^\n]+$/)
    .refine(isDumped, "no record that is moved has this key"),
  lapsesAt: time.optional(),
};
const record = z
  .discriminatedUnion("kind", [
    z.strictObject({ ...ofRecord, kind: z.literal("value"), value: z.string() }),
    z.strictObject({ ...ofRecord, kind: z.literal("count"), value: z.number().int() }),
    z.strictObject({ ...ofRecord, kind: z.enum(["map", "set", "list"]) }),
  ])
  .superRefine(({ key, kind }, context) => {
    const meant = kindOfRecord(key) ?? kind;
    if (meant !== kind)
      context.addIssue({ code: "custom", path: ["kind"], message: `${key} is a ${meant}, and no ${kind}` });
  });

/** Each line is an object; its first field names its kind. */
const lines = {
  secret: z.strictObject({ secret: z.string().min(1) }),
  room: z.strictObject({ room }),
  member: z.strictObject({ member: z.strictObject({ id, name: z.string(), skeleton: z.string() }) }),
  entry: z.strictObject({
    entry,
    receipt: z
      .string()
      .regex(/^[^:]+:.+$/)
      .optional(),
  }),
  keptName: z.strictObject({
    keptName: z.strictObject({ ...name, name: z.string(), ...kept, hasSpoken: z.boolean() }),
  }),
  heldName: z.strictObject({ heldName: z.strictObject({ ...name, ...kept }) }),
  record: z.strictObject({ record }),
  item: z.strictObject({
    item: z.union([z.tuple([z.string()]), z.tuple([z.string(), z.union([z.string(), z.number()])])]),
  }),
  end: z.strictObject({ end: z.strictObject({ lines: whole }) }),
} as const;

/** Why a file cannot be imported, for the operator. */
export class UnreadableDump extends Error {}

function parse(text: string): Record<string, unknown> {
  const value: unknown = (() => {
    try {
      return JSON.parse(text);
    } catch {
      throw new UnreadableDump("it is torn, or no JSON");
    }
  })();
  if (typeof value !== "object" || value === null) throw new UnreadableDump("it is no line of an export");
  return value as Record<string, unknown>;
}

/** Throws UnreadableDump. */
export function readLine(text: string): DumpLine {
  const value = parse(text);
  const [kind = ""] = Object.keys(value);
  if (!Object.hasOwn(lines, kind)) throw new UnreadableDump("it is no line of an export");
  const read = lines[kind as keyof typeof lines].safeParse(value);
  if (read.success) return read.data as DumpLine;
  const [issue] = read.error.issues;
  throw new UnreadableDump(`${issue?.path.join(".") || kind}: ${issue?.message}`);
}

/** Throws UnreadableDump for a file of another program, or of a newer version of this one. */
export function readHeader(text: string): DumpHeader {
  const header = (() => {
    try {
      return parse(text);
    } catch {
      return {};
    }
  })();
  const { madang, version } = header;
  if (madang !== "store" || typeof version !== "number")
    throw new UnreadableDump('this is no export of a store, which begins with {"madang":"store"');
  if (version > dumpVersion)
    throw new UnreadableDump(
      `this was written by a newer version (format ${version}, this one reads ${dumpVersion}); use that version`,
    );
  return header as unknown as DumpHeader;
}
