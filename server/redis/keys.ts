import type { RoomId, VisitorId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";

/** On a cluster all presence is in one slot: a replica and its rooms are struck off in one step, and judged by one clock. */
const presenceTag = "{@presence}:";

/** The slots of their tags are spread evenly: one stands in each sixteenth of all slots. */
const evenParts = [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23, 40, 41, 42, 43];

/**
 * Every key and channel, except those of records (server/records/keys.ts). Decision 051 lists which of them name a
 * forgotten visitor, and for how long: docs/decisions/051-remains-of-a-forgotten-visitor.md. All keys of a room carry
 * its id as hash tag, so that one script can use them all.
 */
export function createKeys(prefix: string, { isCluster = false } = {}) {
  const ofRoom = (room: RoomId, part: string) => `${prefix}{${room}}:${part}`;
  const ofPresence = `${prefix}${isCluster ? presenceTag : ""}`;
  return {
    /** The keys of every script that works on a room; in Lua, `room` is ROOM (broker/redis/room-scripts.ts). */
    room: (room: RoomId) => ({
      // hash: id title kind createdAt owner closed epoch seq at rewoundFrom lastBy askedBy noticedUntil busyUntil;
      // books: totals of the entries (lua/totals.lua); visits: joins and leaves that wait for a crowd notice
      // (lua/append.lua); gone:replica: -> when that replica was declared dead, and gone:connection -> when its
      // visitor was expelled (fences: lua/presence.lua); own:visitor -> its own view of the room (lua/publish.lua); under an
      // older name, of RoomSummary: said (lastMessage), talkAt (repliedAt), met (sharedRoom)
      room: ofRoom(room, "room"),
      feed: ofRoom(room, "feed"), // stream: id = seq-0, e = entry as JSON, d = field in dedupe ('' unless a message)
      dedupe: ofRoom(room, "dedupe"), // hash: visitor:clientMessageId -> seq:at
      connections: ofRoom(room, "connections"), // hash: connection key (replica:connection) -> visitor
      members: ofRoom(room, "members"), // hash: visitor -> member as JSON
      counts: ofRoom(room, "counts"), // hash: visitor -> number of connections
      names: ofRoom(room, "names"), // hash: skeleton -> visitor
      skeletons: ofRoom(room, "skeletons"), // hash: visitor -> skeleton
      amended: ofRoom(room, "amended"), // zset: field in dedupe, newline, entry as JSON -> seq; entries moved out of the stream
      authors: ofRoom(room, "authors"), // hash: visitor:block -> numbers of its entries in it (broker/redis/lua/authors.lua)
      countedJoins: ofRoom(room, "untold"), // set: members whose join was counted, and has no entry of its own
      // The scripts also make `heldName` and `heldNames` below, and `pace:visitor:ms`, string that lapses: when the rate
      // at which the visitor may write, one message in so many ms, is full again.
    }),
    /** The keys above that a room's summary needs. */
    summaryKeys: (room: RoomId) => ({ fields: ofRoom(room, "room"), members: ofRoom(room, "members") }),
    /** string: skeleton, newline, member as JSON; kept for a returning visitor (publish.lua lets it live longer). */
    keptName: (room: RoomId, visitor: VisitorId) => ofRoom(room, `kept-name:${visitor}`),
    /** string that lapses: the visitor for whom a name that it left is held (lua/presence.lua). */
    heldName: (room: RoomId, skeleton: string) => ofRoom(room, `held:${skeleton}`),
    /** set that lapses: the skeletons of the names that are held for the visitor. */
    heldNames: (room: RoomId, visitor: VisitorId) => ofRoom(room, `held-by:${visitor}`),
    /** zset: number of each message of its partner that this reader has not read -> that number; conversations only. */
    unread: (room: RoomId, reader: VisitorId) => ofRoom(room, `unread:${reader}`),
    /** hash: id count cause lobbyUntil; it never lapses. The lobby's has its tag, since one script handles both. */
    storeMark: (room: RoomId) => ofRoom(room, "mark"),
    /** The rooms of the marks; those of a cluster's parts, which are no rooms, are spread over all its servers. */
    markedRooms: [lobbyId, ...(isCluster ? evenParts.map((part) => `@part-${part}`) : [])],
    /** channel: epoch, space, seq, space, entry as JSON; or ~1 (types) or ~0 (types no more), space, member as JSON. */
    feedChannel: (room: RoomId) => ofRoom(room, "appended"),

    /** string that lapses: contents of a build's file, compressed with gzip. */
    asset: (path: string) => `${prefix}asset:${path}`,

    /** zset: connection key, space, room -> when it departs. */
    leaveDeadlines: `${ofPresence}departures`,
    /** set: replicas that may still have connections in a room. */
    replicas: `${ofPresence}replicas`,
    /** string that lapses unless renewed: how many connections the replica has (server/broker/redis/replica-loads.ts). */
    lease: (replica: string) => `${ofPresence}replica:${replica}:lease`,
    /** set: rooms in which this replica has, or had, connections. */
    roomsOf: (replica: string) => `${ofPresence}replica:${replica}:rooms`,

    /** string that lapses: when the rate is full again, in microseconds since 1970. */
    rate: (group: string, key: string) => `${prefix}directory:{@rate-${group}}:${key}`,

    /** string: exists while an import fills the store. */
    importing: `${prefix}importing`,

    /** string that lapses unless renewed. While it exists, the visitors whose sets name this replica are online. */
    onlineLease: (replica: string) => `${ofPresence}attendance:${replica}`,
    /** channel: what has changed for this visitor, and by which other one (server/direct/online-visitors.ts). */
    visitorChannel: (visitor: VisitorId) => `${prefix}directory:{${visitor}}:called`,
  };
}

export type Keys = ReturnType<typeof createKeys>;

const ownKey = /^(?:\{[^{}]+\}:|directory:|asset:|replica:|attendance:|(?:replicas|departures|importing)$)/;

/**
 * Whether a key is one of ours, or of records, by what follows the prefix: another application may have a prefix that
 * begins with this one.
 */
export const isOwnKey = (rest: string): boolean => ownKey.test(rest);
