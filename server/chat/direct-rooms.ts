import type { RoomId, VisitorId } from "../../protocol/events";
import { directRoomPrefix, visitorIdPattern } from "../../protocol/limits";

/** The two of a conversation, in one order whoever asks. */
export type Pair = readonly [VisitorId, VisitorId];

/** What 16 characters of base64url are in hexadecimal. A room's id has no capitals, a visitor's has. */
const pairPattern = new RegExp(`^${directRoomPrefix}([0-9a-f]{24})([0-9a-f]{24})$`);

const toHex = (visitor: VisitorId): string => Buffer.from(visitor, "base64url").toString("hex");
const fromHex = (hex: string): VisitorId => Buffer.from(hex, "hex").toString("base64url");

/** Shaped like a direct room and nobody's: no pair has it, no command makes it. */
const nobodysRoom: RoomId = directRoomPrefix;

/** The one room of these two, whoever asks. Throws RangeError when they are no two visitors. */
export function directRoomOf(one: VisitorId, other: VisitorId): RoomId {
  if (one === other || !visitorIdPattern.test(one) || !visitorIdPattern.test(other))
    throw new RangeError("a conversation is of two visitors");
  return directRoomPrefix + [toHex(one), toHex(other)].sort().join("");
}

/** Whose room it is, told from the id alone; undefined when it is no conversation's. */
export function pairOf(room: RoomId): Pair | undefined {
  const [, low = "", high = ""] = pairPattern.exec(room) ?? [];
  // Any other spelling of a pair would be a second room of theirs.
  return low < high ? [fromHex(low), fromHex(high)] : undefined;
}

/** The other one; undefined when the room is no conversation of that visitor. */
export function partnerIn(room: RoomId, visitor: VisitorId): VisitorId | undefined {
  const pair = pairOf(room);
  if (pair === undefined || !pair.includes(visitor)) return undefined;
  return pair[0] === visitor ? pair[1] : pair[0];
}

/**
 * C-5: what stands in for a room id in everything that a visitor asks. For a conversation of others it is a room that can
 * never be: so answers, their order and the questions to the store are those of a room that does not exist.
 */
export const roomSeenBy = (visitor: VisitorId, room: RoomId): RoomId =>
  room.startsWith(directRoomPrefix) && partnerIn(room, visitor) === undefined ? nobodysRoom : room;
