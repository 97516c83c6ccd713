import { LRUCache } from "lru-cache";
import type { ListedRoom, RoomId } from "../../protocol/events";
import { authorOf, withheldOf } from "../broker/entry-json";
import type { BrokerFeed } from "../broker/feed";
import type { BrokerRooms } from "../broker/rooms";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { RateLimit } from "../limits/rate-limit";

/** How old a count may be: the members of a post's room change more slowly than its page is viewed. */
export const countKeptMs = 3_000;
/** How many of a room's newest entries are looked at for their messages, and how many bytes of them. */
const countedEntries = 200;
const countedBytes = 64 * 1_024;
/** How many answers are kept, for rooms and unknown ids: a bound on memory. */
const maxKept = 5_000;

type RoomCountsOptions = {
  broker: { rooms: Pick<BrokerRooms, "summaries">; feed: Pick<BrokerFeed, "read"> };
  posts: ReadonlyMap<RoomId, string>;
  /** Limits how often one network causes a read of the store. */
  questions: RateLimit;
  clock: Clock;
};

/** `hasMore`: there may be messages before those that were counted. */
export type MessageCount = { messageCount: number; hasMore: boolean };

/** Tells how many members a public room has, to clients that have not joined it. */
export class RoomCounts {
  private readonly summaries: LRUCache<RoomId, Promise<ListedRoom | undefined>>;
  private readonly messages: LRUCache<RoomId, Promise<MessageCount>>;

  constructor(private readonly options: RoomCountsOptions) {
    const perf = { now: () => options.clock.now() };
    const kept = { max: maxKept, ttl: countKeptMs, ttlResolution: 0, perf };
    this.summaries = new LRUCache(kept);
    this.messages = new LRUCache(kept);
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
   * How many messages may still be read in a public room without members. Call after `memberCount`, which
   * refuses other rooms. Throws ChatError("unavailable").
   */
  async messageCount(room: RoomId): Promise<MessageCount> {
    const summary = await this.summaries.get(room);
    if (summary?.lastMessage === undefined) return { messageCount: 0, hasMore: false };
    return this.messages.get(room) ?? this.countMessages(room);
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

  private countMessages(room: RoomId): Promise<MessageCount> {
    const range = { limit: countedEntries, maxBytes: countedBytes };
    const count = this.options.broker.feed.read(room, range).then(({ entries, first }) => ({
      messageCount: entries.filter(
        (entry) => authorOf(entry) !== undefined && withheldOf(entry) === undefined,
      ).length,
      hasMore: (entries[0]?.seq ?? first) > first,
    }));
    this.messages.set(room, count);
    count.catch(() => {
      if (this.messages.peek(room) === count) this.messages.delete(room);
    });
    return count;
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
