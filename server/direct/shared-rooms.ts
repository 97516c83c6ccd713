import type { RoomId, VisitorId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";
import type { VisitedRooms } from "../accounts/visited-rooms";
import type { Broker } from "../broker/broker";
import type { NameIn } from "../broker/rooms";

/** `isNow`: both are members there. The names are those that each has, or had, in `room`; "" is no room. */
export type SharedRoom = { room: RoomId | ""; isNow: boolean; ownName?: string; partnerName?: string };

/** At most this many rooms that two visitors share are looked up. */
const mostLookedInto = 20;

/** Where two visitors have met, and by which names they know each other (DM-11). */
export class SharedRooms {
  constructor(private readonly options: { broker: Broker; visitedRooms: VisitedRooms }) {}

  /**
   * The public room in which both are now, or else the one in which both had a name most recently. Throws as the store
   * does.
   */
  async of(visitor: VisitorId, partner: VisitorId): Promise<SharedRoom> {
    const { broker, visitedRooms } = this.options;
    const shared = await visitedRooms.shared(visitor, partner);
    const rooms = [
      ...shared.filter((room) => room === lobbyId),
      ...shared.filter((room) => room !== lobbyId),
    ];
    const candidates = rooms.slice(0, mostLookedInto);
    const names = await broker.rooms.namesIn([
      ...candidates.map((room) => ({ room, visitor })),
      ...candidates.map((room) => ({ room, visitor: partner })),
    ]);
    const found = candidates.map((room, index) => {
      const [own, other] = [names[index], names[candidates.length + index]];
      return { room, own, other, at: Math.min(own?.at ?? 0, other?.at ?? 0) };
    });
    const isNow = ({ own, other }: { own: NameIn | undefined; other: NameIn | undefined }) =>
      own?.isMember === true && other?.isMember === true;
    const best = found.find(isNow) ?? found.sort((one, another) => another.at - one.at)[0];
    if (best === undefined) return { room: "", isNow: false };
    return {
      room: best.room,
      isNow: isNow(best),
      ...(best.own && { ownName: best.own.name }),
      ...(best.other && { partnerName: best.other.name }),
    };
  }
}
