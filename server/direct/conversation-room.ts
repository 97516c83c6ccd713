import type { RequestState, Room, VisitorId } from "../../protocol/events";
import type { RoomSummary } from "../broker/rooms";

/** Whether a conversation waits for its partner's answer, or for the visitor's own. */
export function requestIn(
  { askedBy, lastMessage }: RoomSummary,
  visitor: VisitorId,
): RequestState | undefined {
  if (askedBy === undefined) return undefined;
  if (askedBy !== visitor) return "received";
  return lastMessage && "sent";
}

/** Whether the partner requests the conversation, and the visitor has not entered it yet. */
export const isRequestTo = (visitor: VisitorId, { askedBy }: Pick<RoomSummary, "askedBy">): boolean =>
  askedBy !== undefined && askedBy !== visitor;

/** The part of a conversation's room that its two visitors are told. */
export const roomOf = ({ id, title, kind, createdAt, closed, owner }: Room): Room => ({
  id,
  title,
  kind,
  createdAt,
  closed,
  ...(owner !== undefined && { owner }),
});
