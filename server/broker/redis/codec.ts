/** Reads and writes what the store keeps as text: members as JSON, the parts of a message, and a room’s fields. */
import type { Cursor, Member, Role, Room, VisitorId } from "../../../protocol/events";
import type { Rate } from "../../lib/rate";
import type { Draft } from "../feed";
import type { OwnView, RoomSummary } from "../rooms";

/** How long one entry, and a full burst, keep a rate busy, in milliseconds; "" without a bound. */
export const busyMs = (rate: Rate | undefined): [number | "", number | ""] =>
  rate === undefined ? ["", ""] : [1_000 / rate.perSecond, (1_000 * rate.burst) / rate.perSecond];

/** The part of a message's JSON that follows its author, without braces. */
export const messageTail = (draft: Draft): string =>
  JSON.stringify({
    text: draft.text,
    clientMessageId: draft.clientMessageId,
    ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
  }).slice(1, -1);

/** The name comes last: rename.lua takes all behind it for the name. */
export const memberLine = ({ id, role, name }: Member): string =>
  JSON.stringify({ id, ...(role && { role }), name });

/** The part of a member's JSON that `with_role` in lua/room.lua puts before the name. */
export const roleLine = (role: Role | undefined): string => (role === undefined ? "" : `"role":"${role}",`);

// Only our own scripts write these lines, from values that were parsed at the door.
export const readMember = (line: string): Member => JSON.parse(line) as Member;

/**
 * Reads a typing message of a room's channel: `~1 member` types, `~0 member` no longer does. No epoch begins with a
 * tilde. Undefined for an entry.
 */
export function readTyping(message: string): { member: Member; isTyping: boolean } | undefined {
  if (!message.startsWith("~")) return undefined;
  return { member: readMember(message.slice(3)), isTyping: message.startsWith("~1") };
}

/** Reads an entry of a room's channel: `epoch seq entry`. */
export function readAppended(message: string): { epoch: string; seq: number; line: string } {
  const afterEpoch = message.indexOf(" ");
  const afterSeq = message.indexOf(" ", afterEpoch + 1);
  return {
    epoch: message.slice(0, afterEpoch),
    seq: Number(message.slice(afterEpoch + 1, afterSeq)),
    line: message.slice(afterSeq + 1),
  };
}

/** A room's hash, as a script returns it: names and values in turn. */
function readFields(reply: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  const list = reply as string[];
  for (let index = 0; index + 1 < list.length; index += 2)
    fields.set(list[index] ?? "", list[index + 1] ?? "");
  return fields;
}

export function readHead(reply: unknown): Cursor {
  const fields = readFields(reply);
  return { epoch: fields.get("epoch") ?? "", seq: Number(fields.get("seq")) };
}

/** F-4: whether counted joins or leaves wait for a crowd notice. */
export const isCrowdNoticeWaiting = (reply: unknown): boolean =>
  (readFields(reply).get("visits") ?? "") !== "";

export function readRoom(reply: unknown): Room {
  return roomOf(readFields(reply));
}

/** The fields that `readSummary` wants, in its order. */
export const summaryFields = [
  "id",
  "title",
  "kind",
  "createdAt",
  "owner",
  "closed",
  "at",
  "said",
  "lastBy",
  "talkAt",
  "askedBy",
  "met",
  "epoch",
  "seq",
] as const;

/** The values of those fields and the number of members; undefined when there is no such room. */
export function readSummary(values: unknown, memberCount: unknown): RoomSummary | undefined {
  const list = values as (string | null)[];
  if (list[0] === null) return undefined;
  const fields = new Map(summaryFields.map((name, index) => [name as string, list[index] ?? ""]));
  const room = roomOf(fields);
  const lastEntryAt = Math.max(room.createdAt, Number(fields.get("at")));
  const [, seq, epoch] = /^(\d+):(.+)$/.exec(fields.get("said") ?? "") ?? [];
  const lastMessage = epoch !== undefined && { lastMessage: { epoch, seq: Number(seq) } };
  const [repliedAt, askedBy] = [fields.get("talkAt"), fields.get("askedBy")];
  // An older version wrote it without `lastBy`: assume that more than one visitor has spoken.
  const isOldTalk = lastMessage && !fields.get("lastBy");
  const sharedRoom = list[summaryFields.indexOf("met")];
  return {
    ...room,
    memberCount: Number(memberCount),
    lastEntryAt,
    ...lastMessage,
    ...((repliedAt || isOldTalk) && { repliedAt: repliedAt ? Number(repliedAt) : lastEntryAt }),
    ...(askedBy && { askedBy }),
    ...(typeof sharedRoom === "string" && { sharedRoom }),
    head: { epoch: fields.get("epoch") ?? "", seq: Number(fields.get("seq")) },
  };
}

/** As lua/publish.lua writes it. */
export function readOwnView(reply: unknown): OwnView | undefined {
  const [, seq, epoch, repliedAt] = /^(\d+) (\S+) (\d*)$/.exec(typeof reply === "string" ? reply : "") ?? [];
  if (epoch === undefined) return undefined;
  return { lastMessage: { epoch, seq: Number(seq) }, ...(repliedAt && { repliedAt: Number(repliedAt) }) };
}

function roomOf(fields: ReadonlyMap<string, string>): Room {
  const owner: VisitorId = fields.get("owner") ?? "";
  return {
    id: fields.get("id") ?? "",
    title: fields.get("title") ?? "",
    kind: fields.get("kind") === "direct" ? "direct" : "public",
    createdAt: Number(fields.get("createdAt")),
    closed: fields.get("closed") === "1",
    ...(owner === "" ? {} : { owner }),
  };
}
