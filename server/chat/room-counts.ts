import { LRUCache } from "lru-cache";
import type { ListedRoom, RoomId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { Allowance } from "./allowance";
import { ChatError } from "./errors";

/** A count is true to within so long: readers of a page do not come and go faster than it is looked at. */
export const countKeptMs = 3_000;
/** Rooms, and ids that are none, of which the answer is kept: a bound on memory. */
const maxKept = 5_000;

type World = {
  broker: Pick<Broker, "look">;
  posts: ReadonlyMap<RoomId, string>;
  /** Bounds what one network may ask of the store. */
  questions: Allowance;
  clock: Clock;
};

/** How many are in a public room, for those who are not. */
export class RoomCounts {
  private readonly looks: LRUCache<RoomId, Promise<ListedRoom | undefined>>;

  constructor(private readonly world: World) {
    const perf = { now: () => world.clock.now() };
    this.looks = new LRUCache({ max: maxKept, ttl: countKeptMs, ttlResolution: 0, perf });
  }

  /**
   * Throws ChatError("room_not_found") for what is no public room, ChatError("room_closed"), ChatError("unavailable"),
   * and ChatError("rate_limited") for a network that makes the store be asked too often.
   */
  async memberCount(room: RoomId, network: Network): Promise<number> {
    const look = await (this.looks.get(room) ?? this.look(room, network));
    if (look === undefined && this.world.posts.has(room)) return 0;
    if (look === undefined || look.kind !== "public") throw new ChatError("room_not_found");
    if (look.closed) throw new ChatError("room_closed");
    return look.memberCount;
  }

  /**
   * Whether there is such a public room, by the same answers. One that was not there is asked after anew: it may have been
   * made since. Throws ChatError("unavailable") and ChatError("rate_limited") as above.
   */
  async stateOf(room: RoomId, network: Network): Promise<"open" | "closed" | "missing"> {
    const look = (await this.looks.get(room)) ?? (await this.look(room, network));
    if (look === undefined) return this.world.posts.has(room) ? "open" : "missing";
    if (look.kind !== "public") return "missing";
    return look.closed ? "closed" : "open";
  }

  private look(room: RoomId, network: Network): Promise<ListedRoom | undefined> {
    this.world.questions.spend(network);
    const look = this.world.broker.look([room]).then(([found]) => found);
    this.looks.set(room, look);
    look.catch(() => {
      // What could not be known is asked again.
      if (this.looks.peek(room) === look) this.looks.delete(room);
    });
    return look;
  }
}
