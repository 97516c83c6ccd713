import type { RoomId } from "../../protocol/events";
import type { RoomDelivery } from "./room-delivery";

/** `started`: the same delivery, once it has started. */
type OpenedDelivery = { delivery: Promise<RoomDelivery>; started?: RoomDelivery; uses: number };

/** The deliveries of the rooms in which this replica has members: the first member opens one, the last one stops it. */
export class Deliveries {
  private readonly opened = new Map<RoomId, OpenedDelivery>();

  constructor(private readonly create: (room: RoomId) => RoomDelivery) {}

  get size(): number {
    return this.opened.size;
  }

  /** The room's delivery, if one has started. */
  find(room: RoomId): RoomDelivery | undefined {
    return this.opened.get(room)?.started;
  }

  /** Call `release` once for each call that succeeds. */
  async acquire(room: RoomId): Promise<RoomDelivery> {
    const opened = this.opened.get(room) ?? this.open(room);
    opened.uses += 1;
    try {
      return await opened.delivery;
    } catch (error) {
      this.release(room);
      throw error;
    }
  }

  release(room: RoomId): void {
    const opened = this.opened.get(room);
    if (opened === undefined) return;
    opened.uses -= 1;
    if (opened.uses > 0) return;
    this.opened.delete(room);
    // In this turn if it can be: a member that comes in the next one opens another, and a room has one follower only.
    if (opened.started !== undefined) void opened.started.stop().catch(() => undefined);
    // A delivery that failed to start has nothing to stop.
    else opened.delivery.then((delivery) => delivery.stop()).catch(() => undefined);
  }

  private open(room: RoomId): OpenedDelivery {
    const delivery = this.create(room);
    const start = async () => {
      await delivery.start();
      opened.started = delivery;
      return delivery;
    };
    const opened: OpenedDelivery = { delivery: start(), uses: 0 };
    this.opened.set(room, opened);
    return opened;
  }
}
