import type { RoomId } from "../../../protocol/events";
import { outboxChanged } from "./saved-outbox";

/** What a client does in its room: it is `shown` on the page, is only `sending` its drafts, or has `left`. */
export type RoomUse = "shown" | "sending" | "left";

const clients = new Map<RoomId, { client: unknown; use: RoomUse }>();

/**
 * The client that is still in a room, such as one with unsent drafts in a room that the page has left: a room shown
 * again reuses it. A room is always opened by the same kind of client, so the caller knows which it gets.
 */
export const clientOf = <Client>(room: RoomId): Client | undefined =>
  clients.get(room)?.client as Client | undefined;

export const roomUseOf = (room: RoomId): RoomUse => clients.get(room)?.use ?? "left";

export function setRoomUse(room: RoomId, client: unknown, use: RoomUse): void {
  if (use === "left") clients.delete(room);
  else clients.set(room, { client, use });
  outboxChanged();
}
