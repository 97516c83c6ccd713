import { nanoid } from "nanoid";
import type { VisitorId } from "../../../protocol/events";
import type { RowSource } from "../../journal/row-source";
import { type DumpedRoom, type RoomLine, withoutUndefined } from "../room-dump";
import { type EntryRow, type HeldRow, type MemberRow, type NameRow, partOf, prefixes } from "./room-rows";
import type { RoomRow } from "./saved-room";

/** All rooms of a journal, by their ids; of each no more than one row is in memory. */
export async function* dumpRooms(source: RowSource): AsyncIterable<RoomLine> {
  const ids = new Map<string, string>();
  for await (const [key, text] of source.rows(prefixes.room))
    ids.set(partOf(key, prefixes.room), (JSON.parse(text) as RoomRow).fields.id);
  for (const [part] of [...ids].sort(([, one], [, other]) => (one < other ? -1 : 1)))
    yield* dumpRoom(source, part);
  yield* dumpNames(source, ids);
}

async function* dumpRoom(source: RowSource, part: string): AsyncIterable<RoomLine> {
  const text = await source.row(prefixes.room + part);
  if (text === undefined) return;
  const row = JSON.parse(text) as RoomRow;
  // As a server that opens this folder: numbers may be given again that clients have seen.
  if (source.mayLackChanges) row.feed.epoch = nanoid(10);
  const members = `${prefixes.member}${part}:`;
  const countedJoins = [...(row.crowd?.joins ?? [])];
  for await (const [, member] of source.rows(members)) {
    const { id, isJoinCounted } = JSON.parse(member) as MemberRow;
    if (isJoinCounted) countedJoins.push(id);
  }
  yield { room: roomOf(row, countedJoins) };
  for await (const [, member] of source.rows(members)) {
    const { id, name, skeleton } = JSON.parse(member) as MemberRow;
    yield { member: { id, name, skeleton } };
  }
  for await (const [, json] of source.rows(`${prefixes.entry}${part}:`)) {
    const { source: from, ...entry } = JSON.parse(json) as EntryRow;
    yield { entry, ...(from && { receipt: from.receipt }) } as RoomLine;
  }
}

async function* dumpNames(source: RowSource, ids: ReadonlyMap<string, string>): AsyncIterable<RoomLine> {
  const now = Date.now();
  for await (const [key, text] of source.rows(prefixes.name)) {
    const { visitor, name, skeleton, hasSpoken, until } = JSON.parse(text) as NameRow;
    const room = ids.get(partOf(key, prefixes.name));
    if (room !== undefined && until > now)
      yield { keptName: { room, visitor, name, skeleton, hasSpoken, until } };
  }
  for await (const [key, text] of source.rows(prefixes.held)) {
    const { visitor, skeleton, until } = JSON.parse(text) as HeldRow;
    const room = ids.get(partOf(key, prefixes.held));
    if (room !== undefined && until > now) yield { heldName: { room, visitor, skeleton, until } };
  }
}

function roomOf({ fields, origin, feed, crowd, unread }: RoomRow, countedJoins: VisitorId[]): DumpedRoom {
  const { id, title, kind, createdAt, closed, owner } = fields;
  const { joined, left, gone } = crowd ?? { joined: 0, left: 0, gone: [] };
  const { epoch, head, lastEntryAt, lastMessage, repliedAt, lastBy, ownViews = {} } = feed;
  const read = Object.entries(unread).filter(([, numbers]) => numbers.length > 0);
  return withoutUndefined({
    ...{ id, title, kind, createdAt, closed, owner },
    askedBy: origin.askedBy,
    sharedRoom: kind === "direct" ? origin.sharedRoom : undefined,
    ...{ epoch, head, lastEntryAt },
    lastMessage: lastMessage === undefined ? undefined : { epoch, seq: lastMessage },
    ...{ repliedAt, lastBy },
    ownViews: Object.keys(ownViews).length > 0 ? ownViews : undefined,
    crowd: joined + left > 0 ? { joined, left, gone: [...gone].sort() } : undefined,
    countedJoins: countedJoins.length > 0 ? [...new Set(countedJoins)].sort() : undefined,
    unread: read.length > 0 ? Object.fromEntries(read) : undefined,
  }) as DumpedRoom;
}
