import type { ListedRoom, RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { RoomIndex } from "./room-index";
import type { QuotaLimits, Reservation } from "./room-slots";

type RoomQuotaOptions = {
  broker: Broker;
  roomIndex: RoomIndex;
  /** Undefined: no limit. */
  limits: QuotaLimits | undefined;
  clock: Clock;
};

type Refused = Extract<Reservation, { is: "refused" }>;

/**
 * C-9: limits the rooms that a visitor makes. A slot is taken before the room is made and stays taken while that
 * visitor's room exists; the room itself decides that. A creation that failed or was cut off, or a room that expired,
 * costs nothing in the end: its slot is checked when the visitor needs it.
 */
export class RoomQuota {
  constructor(private readonly options: RoomQuotaOptions) {}

  /** Throws ChatError("rate_limited") when existing rooms take all of the visitor's slots. */
  async take(owner: VisitorId, room: RoomId): Promise<void> {
    const { roomIndex, limits } = this.options;
    if (limits === undefined) return;
    const first = await roomIndex.slots.reserve(owner, room, limits);
    if (first.is === "granted") return;
    const isAnyFree = await this.review(owner, first.occupiedBy);
    const last = isAnyFree ? await roomIndex.slots.reserve(owner, room, limits) : first;
    if (last.is === "refused") throw tooMany(last, limits);
  }

  /** Gives back the slots of rooms that do not exist, or no longer. Returns whether there were any. */
  async review(owner: VisitorId, rooms: RoomId[]): Promise<boolean> {
    const { broker, roomIndex, limits, clock } = this.options;
    if (limits === undefined || rooms.length === 0) return false;
    const summaries = await broker.rooms.summaries(rooms);
    const without = (isInUse: (summary: ListedRoom) => boolean) =>
      rooms.filter((_, index) => {
        const summary = summaries[index];
        return summary === undefined || summary.owner !== owner || !isInUse(summary);
      });
    const open = without(({ closed }) => !closed);
    // A room made within the hour counts even if it is closed. An old room that the visitor tried to make again does
    // not.
    const made = without(({ createdAt }) => clock.now() - createdAt < limits.windowMs);
    if (open.length + made.length === 0) return false;
    await roomIndex.slots.giveBack(owner, { open, made });
    return true;
  }
}

function tooMany({ over, retryAfterMs }: Refused, limits: QuotaLimits): ChatError {
  const reason =
    over === "open"
      ? `You have ${limits.open} open rooms; close one first.`
      : `You have made ${limits.made} rooms within the hour.`;
  return new ChatError("rate_limited", reason, retryAfterMs);
}
