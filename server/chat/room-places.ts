import type { ListedRoom, RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Directory, Quota, Reservation } from "../directory/directory";
import type { Clock } from "../lib/clock";
import { ChatError } from "./errors";

type World = {
  broker: Broker;
  directory: Directory;
  /** Undefined: everybody may make as many as it likes. */
  quota: Quota | undefined;
  clock: Clock;
};

type Refused = Extract<Reservation, { is: "refused" }>;

/**
 * C-9: how many rooms a visitor may have made. A place is taken before the making and stays taken as long as there is
 * such a room of that visitor; whether there is, the room says. So a making that failed, whatever cut it off, and a room
 * that expired without a word cost nothing in the end: their places are asked after when they stand in the way.
 */
export class RoomPlaces {
  constructor(private readonly world: World) {}

  /** Throws ChatError("rate_limited") when all of the visitor's places are taken by rooms that there are. */
  async take(owner: VisitorId, room: RoomId): Promise<void> {
    const { directory, quota } = this.world;
    if (quota === undefined) return;
    const first = await directory.reserve(owner, room, quota);
    if (first.is === "granted") return;
    const isAnyFree = await this.review(owner, first.held);
    const last = isAnyFree ? await directory.reserve(owner, room, quota) : first;
    if (last.is === "refused") throw tooMany(last, quota);
  }

  /** Gives back what the visitor holds for rooms that it has not, or no longer. Returns whether there was any. */
  async review(owner: VisitorId, rooms: RoomId[]): Promise<boolean> {
    const { broker, directory, quota, clock } = this.world;
    if (quota === undefined || rooms.length === 0) return false;
    const looks = await broker.look(rooms);
    const without = (isHeld: (look: ListedRoom) => boolean) =>
      rooms.filter((_, index) => {
        const look = looks[index];
        return look === undefined || look.owner !== owner || !isHeld(look);
      });
    const open = without(({ closed }) => !closed);
    // One that it made stays made, also when it is closed; an old one of its own that it tried to make again was not.
    const made = without(({ createdAt }) => clock.now() - createdAt < quota.windowMs);
    if (open.length + made.length === 0) return false;
    await directory.giveBack(owner, { open, made });
    return true;
  }
}

function tooMany({ over, retryAfterMs }: Refused, quota: Quota): ChatError {
  const reason =
    over === "open"
      ? `You have ${quota.open} open rooms; close one of them first.`
      : `You have made ${quota.made} rooms within the hour.`;
  return new ChatError("rate_limited", reason, retryAfterMs);
}
