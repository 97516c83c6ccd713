import type { RoomId } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import { scanKeys } from "../../redis/bulk";
import { createKeys, type Keys } from "../../redis/keys";
import type { LoneClient } from "../../redis/lone-client";
import { repliesTo } from "../../redis/replies";
import { pairOf } from "../direct-rooms";
import { silentMs } from "../membership";
import { type DumpedRoom, type RoomLine, withoutUndefined } from "../room-dump";
import { readMember, readOwnView } from "./codec";

const entriesAtOnce = 200;
type Fields = Record<string, string>;
type Line = { seq: number; json: string; dedupeField: string };

/** All rooms of a store, by their ids. A room that lapses meanwhile is left out; entries written meanwhile may be. */
export async function* dumpRooms(redis: LoneClient, prefix: string): AsyncIterable<RoomLine> {
  const keys = createKeys(prefix);
  const rooms = new Set<RoomId>();
  for await (const found of scanKeys(redis, prefix, "{*}:room"))
    for (const key of found) rooms.add(key.slice(prefix.length + 1, -"}:room".length));
  for (const room of [...rooms].sort()) yield* dumpRoom(redis, keys, room);
  yield* dumpNames(redis, prefix, rooms);
}

async function* dumpRoom(redis: LoneClient, keys: Keys, room: RoomId): AsyncIterable<RoomLine> {
  const of = keys.room(room);
  const readers = pairOf(room) ?? [];
  const asked = redis
    .multi()
    .hgetall(of.room)
    .hgetall(of.members)
    .hgetall(of.skeletons)
    .smembers(of.countedJoins);
  for (const reader of readers) asked.zrange(keys.unread(room, reader), "0", "-1");
  const [fields, members, skeletons, joins, ...unread] = await repliesTo(asked.exec());
  const found = fields as Fields;
  if (found.id === undefined) return;
  const numbers = unread.map((list) => (list as string[]).map(Number));
  yield { room: roomOf(found, { joins: joins as string[], readers, numbers }) };
  for (const [id, line] of Object.entries(members as Fields)) {
    const skeleton = (skeletons as Fields)[id];
    if (skeleton !== undefined) yield { member: { id, name: readMember(line).name, skeleton } };
  }
  for await (const line of entriesOf(redis, of, Number(found.seq))) yield entryOf(line);
}

/** Up to the number that the room's line names. Each page is of one moment: an entry may move between the two keys. */
async function* entriesOf(
  redis: LoneClient,
  { feed, amended }: ReturnType<Keys["room"]>,
  head: number,
): AsyncIterable<Line> {
  let after = 0;
  while (after < head) {
    const [streamed, moved] = await repliesTo(
      redis
        .multi()
        .xrange(feed, `(${after}-0`, `${head}-0`, "COUNT", entriesAtOnce)
        .zrange(amended, `(${after}`, String(head), "BYSCORE", "LIMIT", 0, entriesAtOnce)
        .exec(),
    );
    const lines = [
      ...(streamed as [string, string[]][]).map(([id, fields]) => ({
        seq: Number.parseInt(id, 10),
        json: fields[1] ?? "",
        dedupeField: fields[3] ?? "",
      })),
      ...(moved as string[]).map(amendedLine),
    ];
    const page = lines.sort((one, other) => one.seq - other.seq).slice(0, entriesAtOnce);
    yield* page;
    after = page.at(-1)?.seq ?? head;
  }
}

/** As lua/amend.lua writes it: dedupe field, newline, entry. */
function amendedLine(text: string): Line {
  const end = text.indexOf("\n");
  const json = text.slice(end + 1);
  return { seq: (JSON.parse(json) as { seq: number }).seq, json, dedupeField: text.slice(0, end) };
}

function entryOf({ json, dedupeField }: Line): RoomLine {
  const entry = JSON.parse(json);
  return { entry, ...(entry.kind === "removed" && dedupeField !== "" && { receipt: dedupeField }) };
}

type Beside = { joins: string[]; readers: readonly string[]; numbers: number[][] };

function roomOf(fields: Fields, { joins, readers, numbers }: Beside): DumpedRoom {
  const { id = "", title = "", kind, owner, askedBy, met, epoch = "", talkAt, lastBy, rewoundFrom } = fields;
  const createdAt = Number(fields.createdAt);
  const [, said, saidIn = ""] = /^(\d+):(.+)$/.exec(fields.said ?? "") ?? [];
  const unread = readers.flatMap((reader, index) => {
    const list = numbers[index] ?? [];
    return list.length > 0 ? [[reader, list] as const] : [];
  });
  const own = Object.entries(fields).filter(([name]) => name.startsWith("own:"));
  const views = own.map(([name, text]) => [name.slice("own:".length), readOwnView(text)]);
  return withoutUndefined({
    ...{ id, title, kind: kind === "direct" ? "direct" : "public", createdAt, closed: fields.closed === "1" },
    owner: owner || undefined,
    askedBy: askedBy || undefined,
    sharedRoom: kind === "direct" ? (met ?? "") : undefined,
    ...{ epoch, head: Number(fields.seq), lastEntryAt: Math.max(createdAt, Number(fields.at)) },
    lastMessage: said === undefined ? undefined : { epoch: saidIn, seq: Number(said) },
    repliedAt: talkAt ? Number(talkAt) : undefined,
    lastBy: lastBy === nameless ? forgottenName : lastBy || undefined,
    rewoundFrom: rewoundFrom || undefined,
    ownViews: views.length > 0 ? Object.fromEntries(views) : undefined,
    crowd: crowdOf(fields.visits),
    countedJoins: joins.length > 0 ? [...joins].sort() : undefined,
    unread: unread.length > 0 ? Object.fromEntries(unread) : undefined,
  }) as DumpedRoom;
}

/** What lua/forget.lua puts in the place of a forgotten visitor that wrote last. */
export const nameless = "-";

/** As lua/append.lua counts: since, joined, left, and the ids of those who left, with quotes and commas. */
function crowdOf(text = ""): DumpedRoom["crowd"] {
  const [, joined, left, gone] = /^\d+ (\d+) (\d+) (.*)$/.exec(text) ?? [];
  if (gone === undefined) return undefined;
  const ids = JSON.parse(`[${gone}]`) as string[];
  return { joined: Number(joined), left: Number(left), gone: ids.sort() };
}

/** Names outlive their rooms: those of rooms that have gone are left out. */
async function* dumpNames(
  redis: LoneClient,
  prefix: string,
  rooms: ReadonlySet<RoomId>,
): AsyncIterable<RoomLine> {
  for await (const found of scanKeys(redis, prefix, "{*}:*")) {
    const keys = found.map((key) => nameKey(prefix, key)).filter((key) => key !== undefined);
    const known = keys.filter(({ room }) => rooms.has(room));
    const asked = redis.pipeline();
    for (const { key } of known) asked.get(key).pexpiretime(key);
    const answers = await repliesTo(asked.exec());
    for (const [index, key] of known.entries()) {
      const [text, until] = answers.slice(2 * index) as [string | null, number];
      if (text !== null && until > 0) yield nameOf(key, text, until);
    }
  }
}

type NameKey = { key: string; room: RoomId; kind: "kept-name" | "held"; of: string };

function nameKey(prefix: string, key: string): NameKey | undefined {
  const [, room, kind, of] = /^\{([^}]*)\}:(kept-name|held):(.*)$/s.exec(key.slice(prefix.length)) ?? [];
  if (room === undefined || of === undefined) return undefined;
  return { key, room, kind: kind === "held" ? "held" : "kept-name", of };
}

function nameOf({ room, kind, of }: NameKey, text: string, until: number): RoomLine {
  if (kind === "held") return { heldName: { room, visitor: text, skeleton: of, until } };
  const [skeleton = "", line = ""] = text.split("\n");
  const hasSpoken = until - Date.now() > silentMs;
  return { keptName: { room, visitor: of, name: readMember(line).name, skeleton, hasSpoken, until } };
}
