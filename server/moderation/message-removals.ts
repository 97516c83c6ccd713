import type { RoomId, VisitorId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import type { VisitedRooms } from "../accounts/visited-rooms";
import { type Authorship, authorshipOf } from "../broker/authorship";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Newcomers } from "../limits/newcomers";
import type { NewAct } from "./acts";
import type { Announcements } from "./announcements";
import type { Roles } from "./roles";

type MessageRemovalsOptions = {
  roles: Roles;
  broker: Pick<Broker, "feed">;
  visitedRooms: Pick<VisitedRooms, "roomsOf">;
  newcomers: Pick<Newcomers, "messageRemoved" | "messagesCleared">;
  /** Tells the other replicas of an author: it may be settled no longer (W-8). */
  uncounted: Announcements;
  note(act: NewAct): Promise<void>;
};

/** O-3: removes messages of any visitor. `remove` and `clear` throw ChatError("forbidden") unless `by` has a role. */
export class MessageRemovals {
  constructor(private readonly options: MessageRemovalsOptions) {}

  /** Removes any message in a public room. */
  async remove(by: VisitorId, room: RoomId, seq: number): Promise<void> {
    const { roles, broker, note } = this.options;
    roles.check(by);
    if (!isPublicRoom(room)) throw new ChatError("room_not_found");
    const written = await authorshipOf(broker.feed, room, seq);
    await broker.feed.removeAny(room, seq);
    if (written !== undefined) await this.takenAway(room, written);
    await note({ by, did: "message:remove", room, seq });
  }

  /** Call when another visitor took a message away: it settles its author on no replica. Throws as the store does. */
  async takenAway(room: RoomId, { author, seq }: Authorship): Promise<void> {
    await this.options.newcomers.messageRemoved(author, room, seq);
    await this.options.uncounted.tell(author);
  }

  /** Removes all kept messages of a visitor, in one public room or in all that it was in. Returns how many. */
  async clear(by: VisitorId, visitor: VisitorId, room?: RoomId, reason?: string): Promise<number> {
    const { roles, broker, visitedRooms, newcomers, uncounted, note } = this.options;
    roles.check(by);
    if (room !== undefined && !isPublicRoom(room)) throw new ChatError("room_not_found");
    const rooms = room === undefined ? (await visitedRooms.roomsOf(visitor)).filter(isPublicRoom) : [room];
    let removed = 0;
    for (const each of rooms)
      removed += await broker.feed.removeAllOf(each, visitor).catch((error: unknown) => {
        // Of all its rooms some may have ended.
        if (room === undefined && isOneOf(error, "room_not_found", "room_closed")) return 0;
        throw error;
      });
    await newcomers.messagesCleared(visitor);
    await uncounted.tell(visitor);
    await note({
      ...{ by, did: "messages:clear", visitor, removed },
      ...(room && { room }),
      ...(reason && { reason }),
    });
    return removed;
  }
}

const isOneOf = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ChatError && codes.includes(error.code);
