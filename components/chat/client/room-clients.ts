import type { RoomId } from "../../../protocol/events";
import { outboxChanged } from "./saved-outbox";

/** Why a client is in its room: the page shows it, or something is to be sent still. */
export type Stay = "shown" | "sending" | "left";

const clients = new Map<RoomId, { client: unknown; stay: Stay }>();

/**
 * The client of a room that this page has left before everything was sent; a room that is shown again goes on with it. One room
 * is opened by one kind of client only, so the caller knows which it gets.
 */
export const clientOf = <Client>(room: RoomId): Client | undefined =>
  clients.get(room)?.client as Client | undefined;

export const stayIn = (room: RoomId): Stay => clients.get(room)?.stay ?? "left";

export function setStay(room: RoomId, client: unknown, stay: Stay): void {
  if (stay === "left") clients.delete(room);
  else clients.set(room, { client, stay });
  outboxChanged();
}
