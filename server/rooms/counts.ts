import { LRUCache } from "lru-cache";
import type { ListedRoom, RoomId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { RateLimit } from "../limits/rate-limit";

/** How old a count may be: the members of a post's room change more slowly than its page is viewed. */
export const countKeptMs = 3_000;
/** How many answers are kept, for rooms and unknown ids: a bound on memory. */
const maxKept = 5_000;

type RoomCountsOptions = {
  broker: Pick<Broker, "summaries">;
  posts: ReadonlyMap<RoomId, string>;
  /** Bounds how often one network has the store asked. */
  questions: RateLimit;
  clock: Clock;
};

/** Tells how many members a public room has, to clients that have not joined it. */
export class RoomCounts {
  private readonly looks: LRUCache<RoomId, Promise<ListedRoom | undefined>>;

  constructor(private readonly options: RoomCountsOptions) {
    const perf = { now: () => options.clock.now() };
    this.looks = new LRUCache({ max: maxKept, ttl: countKeptMs, ttlResolution: 0, perf });
  }

  /**
   * Throws ChatError("room_not_found") unless the room is public, ChatError("room_closed"), ChatError("unavailable"),
   * and ChatError("rate_limited") for a network that has the store asked too often.
   */
  async memberCount(room: RoomId, network: Network): Promise<number> {
    const look = await (this.looks.get(room) ?? this.look(room, network));
    if (look === undefined && this.options.posts.has(room)) return 0;
    if (look === undefined || look.kind !== "public") throw new ChatError("room_not_found");
    if (look.closed) throw new ChatError("room_closed");
    return look.memberCount;
  }

  /**
   * Whether there is such a public room, from the same answers. A room that was missing is looked up again, because it
   * may have been made since. Throws ChatError("unavailable") and ChatError("rate_limited") as above.
   */
  async stateOf(room: RoomId, network: Network): Promise<"open" | "closed" | "missing"> {
    const look = (await this.looks.get(room)) ?? (await this.look(room, network));
    if (look === undefined) return this.options.posts.has(room) ? "open" : "missing";
    if (look.kind !== "public") return "missing";
    return look.closed ? "closed" : "open";
  }

  private look(room: RoomId, network: Network): Promise<ListedRoom | undefined> {
    this.options.questions.take(network);
    const look = this.options.broker.summaries([room]).then(([found]) => found);
    this.looks.set(room, look);
    look.catch(() => {
      // Don't keep a failed look-up.
      if (this.looks.peek(room) === look) this.looks.delete(room);
    });
    return look;
  }
}
