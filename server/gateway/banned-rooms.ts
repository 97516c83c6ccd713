import type { RoomId } from "../../protocol/events";
import type { Moderation } from "../moderation/moderation";
import type { JoinedRooms } from "./joined-rooms";
import type { SendBacklog } from "./send-backlog";
import type { ChatSocket } from "./socket-types";

/** A connection, as far as bans from single rooms concern it. */
type Connected = { socket: ChatSocket; backlog: SendBacklog; membership: JoinedRooms };

type Bans = Pick<Moderation, "banOf">;

/** O-4: takes the connection out of the rooms from which its visitor is banned, and tells it. */
export async function leaveBannedRooms(connected: Connected, bans: Bans): Promise<void> {
  const { socket, membership } = connected;
  for (const room of membership.rooms())
    if (bans.banOf(socket.data, room) !== undefined) await leaveAndTell(connected, bans, room);
}

/**
 * O-4: the same for the rooms out of which the store has taken the connection. The ban may be over already: without this the
 * connection would stay outside for good.
 */
export async function leaveLostRooms(connected: Connected, bans: Bans): Promise<void> {
  const { membership } = connected;
  for (const room of membership.rooms())
    if (await membership.isExpelled(room)) await leaveAndTell(connected, bans, room);
}

async function leaveAndTell(
  { socket, backlog, membership }: Connected,
  bans: Bans,
  room: RoomId,
): Promise<void> {
  const retryAfterMs = bans.banOf(socket.data, room)?.retryAfterMs;
  await membership.leaveOrDepart(room);
  while (backlog.isSlow) await backlog.drained();
  socket.emit("room:banned", { room, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}
