import type { RoomId, VisitorId } from "../../protocol/events";
import { directRoomPrefix, visitorIdPattern } from "../../protocol/limits";

/** The two visitors of a conversation, in an order that does not depend on who asks. */
export type Pair = readonly [VisitorId, VisitorId];

/** 16 base64url characters in hexadecimal: a room's id has no capitals, a visitor's has. */
const pairPattern = new RegExp(`^${directRoomPrefix}([0-9a-f]{24})([0-9a-f]{24})$`);

const toHex = (visitor: VisitorId): string => Buffer.from(visitor, "base64url").toString("hex");
const fromHex = (hex: string): VisitorId => Buffer.from(hex, "hex").toString("base64url");

/** The id of a direct room that cannot exist: no pair has it, and no command makes it. */
const inaccessibleRoom: RoomId = directRoomPrefix;

/** The one room of these two visitors, in either order. Throws RangeError unless they are two different visitors. */
export function directRoomOf(one: VisitorId, other: VisitorId): RoomId {
  if (one === other || !visitorIdPattern.test(one) || !visitorIdPattern.test(other))
    throw new RangeError("a conversation is of two visitors");
  return directRoomPrefix + [toHex(one), toHex(other)].sort().join("");
}

/** Reads the pair from a conversation's id; undefined when it is no conversation's. */
export function pairOf(room: RoomId): Pair | undefined {
  const [, low = "", high = ""] = pairPattern.exec(room) ?? [];
  // Accept one spelling only: another would be a second room of the same pair.
  return low < high ? [fromHex(low), fromHex(high)] : undefined;
}

/** The visitor's partner; undefined when the room is no conversation of that visitor. */
export function partnerIn(room: RoomId, visitor: VisitorId): VisitorId | undefined {
  const pair = pairOf(room);
  if (pair === undefined || !pair.includes(visitor)) return undefined;
  return pair[0] === visitor ? pair[1] : pair[0];
}

/**
 * C-5: replaces the room id in every command of a visitor. A conversation of others becomes a room that cannot exist,
 * so the answers, their order and the questions to the store are those of a missing room.
 */
export const roomSeenBy = (visitor: VisitorId, room: RoomId): RoomId =>
  room.startsWith(directRoomPrefix) && partnerIn(room, visitor) === undefined ? inaccessibleRoom : room;
