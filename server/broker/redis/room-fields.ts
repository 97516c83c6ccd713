import type { Cursor, Room, VisitorId } from "../../../protocol/events";
import type { RoomLook } from "../broker";

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

/** F-4: whether counted visits wait to be told. */
export const areVisitsWaiting = (reply: unknown): boolean => (readFields(reply).get("visits") ?? "") !== "";

export function readRoom(reply: unknown): Room {
  return roomOf(readFields(reply));
}

/** The fields that `readLook` wants, in its order. */
export const lookedAtFields = [
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
] as const;

/** The values of those fields and the number of members; undefined when there is no such room. */
export function readLook(values: unknown, memberCount: unknown): RoomLook | undefined {
  const list = values as (string | null)[];
  if (list[0] === null) return undefined;
  const fields = new Map(lookedAtFields.map((name, index) => [name as string, list[index] ?? ""]));
  const room = roomOf(fields);
  const lastEntryAt = Math.max(room.createdAt, Number(fields.get("at")));
  const [, seq, epoch] = /^(\d+):(.+)$/.exec(fields.get("said") ?? "") ?? [];
  const lastMessage = epoch !== undefined && { lastMessage: { epoch, seq: Number(seq) } };
  const [talkAt, askedBy] = [fields.get("talkAt"), fields.get("askedBy")];
  // An older version wrote it without `lastBy`: assume that more than one visitor has spoken.
  const isOldTalk = lastMessage && !fields.get("lastBy");
  const met = list[lookedAtFields.indexOf("met")];
  return {
    ...room,
    memberCount: Number(memberCount),
    lastEntryAt,
    ...lastMessage,
    ...((talkAt || isOldTalk) && { talkAt: talkAt ? Number(talkAt) : lastEntryAt }),
    ...(askedBy && { askedBy }),
    ...(typeof met === "string" && { met }),
  };
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
