import type { ListedRoom, RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { RoomIndex } from "./room-index";
import type { QuotaLimits, Reservation } from "./room-places";

type RoomQuotaOptions = {
  broker: Broker;
  roomIndex: RoomIndex;
  /** Undefined: no limit. */
  quota: QuotaLimits | undefined;
  clock: Clock;
};

type Refused = Extract<Reservation, { is: "refused" }>;

/**
 * C-9: limits the rooms that a visitor makes. A place is taken before the room is made and stays taken while that
 * visitor's room exists; the room itself decides that. A creation that failed or was cut off, or a room that expired,
 * costs nothing in the end: its place is checked when the visitor needs it.
 */
export class RoomQuota {
  constructor(private readonly options: RoomQuotaOptions) {}

  /** Throws ChatError("rate_limited") when existing rooms take all of the visitor's places. */
  async take(owner: VisitorId, room: RoomId): Promise<void> {
    const { roomIndex, quota } = this.options;
    if (quota === undefined) return;
    const first = await roomIndex.places.reserve(owner, room, quota);
    if (first.is === "granted") return;
    const isAnyFree = await this.review(owner, first.occupiedBy);
    const last = isAnyFree ? await roomIndex.places.reserve(owner, room, quota) : first;
    if (last.is === "refused") throw tooMany(last, quota);
  }

  /** Gives back the places of rooms that do not exist, or no longer. Returns whether there were any. */
  async review(owner: VisitorId, rooms: RoomId[]): Promise<boolean> {
    const { broker, roomIndex, quota, clock } = this.options;
    if (quota === undefined || rooms.length === 0) return false;
    const summaries = await broker.summaries(rooms);
    const without = (isHeld: (summary: ListedRoom) => boolean) =>
      rooms.filter((_, index) => {
        const summary = summaries[index];
        return summary === undefined || summary.owner !== owner || !isHeld(summary);
      });
    const open = without(({ closed }) => !closed);
    // A room made within the hour counts even if it is closed. An old room that the visitor tried to make again does
    // not.
    const made = without(({ createdAt }) => clock.now() - createdAt < quota.windowMs);
    if (open.length + made.length === 0) return false;
    await roomIndex.places.giveBack(owner, { open, made });
    return true;
  }
}

function tooMany({ over, retryAfterMs }: Refused, quota: QuotaLimits): ChatError {
  const reason =
    over === "open"
      ? `You have ${quota.open} open rooms; close one first.`
      : `You’ve created ${quota.made} rooms within the hour.`;
  return new ChatError("rate_limited", reason, retryAfterMs);
}
