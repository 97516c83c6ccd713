import type { Cursor, Member, Role, Room, RoomId, VisitorId } from "../../protocol/events";
import { tokenDays } from "../../protocol/limits";
import type { NameClaim } from "../names/skeleton";

/** One socket on one replica. The id is never used again after the socket closes. */
export type ConnectionId = string;

/**
 * `wanted` is the name the visitor asks for; `names` are suggestions, the most wanted first. `isReturn`: it was in this
 * room before. `role` stands in the `by` of its entries.
 */
export type MemberRequest = {
  room: RoomId;
  connection: ConnectionId;
  visitor: VisitorId;
  names: NameClaim[];
  wanted?: NameClaim;
  isReturn?: boolean;
  role?: Role | undefined;
};

/** The room as it stood at `head`: `members` and `memberCount` already reflect every entry up to it. */
export type Entrance = { room: Room; self: Member; head: Cursor; memberCount: number; members: Member[] };

/**
 * Some members of a room as it stood at `head`. `next`: where the next page begins; undefined on the last one. A member
 * that is in the room from the first page to the last is on one of them, and may be on two.
 */
export type MemberPage = Pick<Entrance, "head" | "memberCount" | "members"> & { next?: string };

/** Who is in a room, over all replicas, and under which name. `broker.ts` says what every method keeps to. */
export interface BrokerMembership {
  readonly graces: LeaveGraces;

  /**
   * Puts a connection into a room. A visitor's first connection makes it a member, as one step: it gets `wanted`, or
   * without one its earlier name here if that is free, else the first free one of `names`, and a `join` entry is
   * appended. Further connections change only the count: a member keeps its name even when it wants another. Repeating
   * the call is harmless. Throws ChatError("name_taken") when `wanted`, or every name, is taken; then the visitor stays
   * outside, its kept name is unchanged, and no entry is appended.
   */
  enter(request: MemberRequest): Promise<Entrance>;

  /**
   * Gives a member another name, as one step: `wanted`, or without one the first free one of `names`. The old name is
   * free at once, unless ID-3c holds it; the new one is kept for the member's return; a `rename` entry is appended.
   * `wanted` may be a new spelling of the present name; the identical name changes nothing. Returns the member after
   * the step. Throws ChatError("not_joined") when that connection of that visitor is not in the room,
   * ChatError("name_taken") as `enter` does.
   */
  rename(request: MemberRequest): Promise<Member>;

  /**
   * Reads about `memberPageSize` members. `from`: the `next` of the page before, undefined for the first page. Throws
   * ChatError("room_not_found"), ChatError("room_closed").
   */
  list(room: RoomId, from?: string): Promise<MemberPage>;

  /**
   * Takes a connection out of a room. A visitor's last connection frees its name and appends a `leave` entry, as one
   * step. A name under which the visitor has spoken is held for it for `heldNameMs` (ID-3c). In a crowd, joins and
   * leaves are counted, and one `visits` entry stands for them within about a second (F-4).
   */
  leave(room: RoomId, connection: ConnectionId): Promise<void>;

  /**
   * Takes all connections of a visitor out of a room, on every replica, as one step; the member leaves. Each of these
   * connections stays outside until its `leave` or departure: `enter` throws ChatError("banned"), also where a replica
   * brings back members that were taken from it. Other connections of the visitor may enter.
   */
  expel(room: RoomId, visitor: VisitorId): Promise<void>;

  /**
   * Does the same as `leave` after `graceMs` by the broker's clock, even if this replica has died by then. It never throws: a
   * departure that the store cannot take now is kept and tried again.
   */
  depart(room: RoomId, connection: ConnectionId, graceMs: number): void;
}

/** F-4. Joins and leaves within this rate get an entry each; beyond it they are counted. Repeated in lua/append.lua. */
export const noticeRate = { perSecond: 1, burst: 60 };

/**
 * F-4. A crowd notice, the `visits` entry, stands for counted joins and leaves. It is written `crowdNoticeMs` after the
 * first of them, or once it names `maxGone` members that have left. Repeated in lua/append.lua.
 */
export const crowdNoticeMs = 1_000;

export const maxGone = 200;

/** ID-3c. Both repeated in lua/presence.lua. `heldNameEntries`: entries of the holder among which its message must be. */
export const heldNameEntries = 20;
export const heldNameMs = 600_000;

/** How long a room remembers a visitor that has said nothing. Repeated in redis/lua/prelude.lua. */
export const silentMs = 86_400_000;

/** As long as a token lives (ID-1): a visitor that can still return finds its name. */
export const keptNameMs = tokenDays * 86_400_000;

/**
 * N-2: how long a visitor has to come back. `closedMs`: after a tab was closed. A reload takes about a second; a
 * departure announced sooner would be a lie. `lostMs`: after a network dropped, counted from its detection.
 */
export type LeaveGraces = { closedMs: number; lostMs: number };

export const leaveGraces: LeaveGraces = { closedMs: 3_000, lostMs: 10_000 };
