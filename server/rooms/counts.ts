import { LRUCache } from "lru-cache";
import type { ListedRoom, RoomId } from "../../protocol/events";
import type { BrokerRooms } from "../broker/rooms";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { RateLimit } from "../limits/rate-limit";

/** How old a count may be: the members of a post's room change more slowly than its page is viewed. */
export const countKeptMs = 3_000;
/** How many answers are kept, for rooms and unknown ids: a bound on memory. */
const maxKept = 5_000;

type RoomCountsOptions = {
  broker: { rooms: Pick<BrokerRooms, "summaries"> };
  posts: ReadonlyMap<RoomId, string>;
  /** Limits how often one network causes a read of the store. */
  questions: RateLimit;
  clock: Clock;
};

/** Tells how many members a public room has, to clients that have not joined it. */
export class RoomCounts {
  private readonly summaries: LRUCache<RoomId, Promise<ListedRoom | undefined>>;

  constructor(private readonly options: RoomCountsOptions) {
    const perf = { now: () => options.clock.now() };
    this.summaries = new LRUCache({ max: maxKept, ttl: countKeptMs, ttlResolution: 0, perf });
  }

  /**
   * Throws ChatError("room_not_found") unless the room is public, ChatError("room_closed"), ChatError("unavailable"),
   * and ChatError("rate_limited") for a network that causes too many reads of the store.
   */
  async memberCount(room: RoomId, network: Network): Promise<number> {
    const summary = await (this.summaries.get(room) ?? this.summary(room, network));
    if (summary === undefined && this.options.posts.has(room)) return 0;
    if (summary === undefined || summary.kind !== "public") throw new ChatError("room_not_found");
    if (summary.closed) throw new ChatError("room_closed");
    return summary.memberCount;
  }

  /**
   * Whether there is such a public room, from the same answers. A room that was missing is looked up again, because it
   * may have been made since. Throws ChatError("unavailable") and ChatError("rate_limited") as above.
   */
  async stateOf(room: RoomId, network: Network): Promise<"open" | "closed" | "missing"> {
    const summary = (await this.summaries.get(room)) ?? (await this.summary(room, network));
    if (summary === undefined) return this.options.posts.has(room) ? "open" : "missing";
    if (summary.kind !== "public") return "missing";
    return summary.closed ? "closed" : "open";
  }

  private summary(room: RoomId, network: Network): Promise<ListedRoom | undefined> {
    this.options.questions.take(network);
    const summary = this.options.broker.rooms.summaries([room]).then(([found]) => found);
    this.summaries.set(room, summary);
    summary.catch(() => {
      // Don't keep a failed look-up.
      if (this.summaries.peek(room) === summary) this.summaries.delete(room);
    });
    return summary;
  }
}
