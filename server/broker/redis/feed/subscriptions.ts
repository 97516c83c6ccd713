import type { Cursor, Member, RoomId } from "../../../../protocol/events";
import type { Clock } from "../../../lib/clock";
import { everyInParts } from "../../../lib/every-in-parts";
import { inParts } from "../../../lib/in-parts";
import type { Logger } from "../../../lib/logger";
import type { StoreConnection, StoreStep, StoreSubscriber } from "../../../redis/connection";
import type { Keys } from "../../../redis/keys";
import type { FeedListener, Following, Page, Range } from "../../feed";
import { readTyping } from "../codec";
import type { BrokerEvents } from "../events";
import { RoomFollower } from "./follower";

/**
 * How long a loss may go unnoticed that neither a later message nor a reconnect shows (a half-open subscriber). With thousands
 * of rooms one just followed is checked for the first time after at most twice as long.
 */
const headCheckIntervalMs = 5_000;
/** With a command's time-out, a subscriber that dies silently is replaced within 4 s. */
const pingIntervalMs = 2_000;

/** Receives what a room's channel carries: its feed, and which members type. */
export type ChannelListener = Pick<FeedListener, "appended" | "gap"> & {
  typed(member: Member, isTyping: boolean): void;
};

/** `heard`: what the room's channel carried while the following was still beginning. */
type Beginning = { is: "beginning"; heard: string[] };
type Followed = { is: "followed"; follower: RoomFollower; listener: ChannelListener };

type RoomSubscriptionsOptions = {
  redis: StoreConnection;
  subscriber: StoreSubscriber;
  keys: Keys;
  clock: Clock;
  logger: Logger;
  feed: {
    read(room: RoomId, range: Range): Promise<Page>;
    rewind(room: RoomId, epoch: string): Promise<string>;
  };
  /** The follower of each room that this replica follows; kept here, read by each script that works on the room. */
  followers: Map<RoomId, { readonly cursor: Cursor }>;
  events: BrokerEvents;
};

/** The rooms this replica follows: one subscription each, one listener on the subscriber for all of them. */
export class RoomSubscriptions {
  private readonly followed = new Map<string, Followed | Beginning>();
  private readonly stopChecking: () => void;

  constructor(private readonly options: RoomSubscriptionsOptions) {
    const { redis, subscriber, clock } = options;
    subscriber.on("message", (channel: string, message: string) => this.receive(channel, message));
    subscriber.on("ready", () => void this.catchUp());
    redis.on("ready", () => void this.checkAllHeads());
    const stopHeads = everyInParts(clock, headCheckIntervalMs, {
      all: () => this.followers(),
      run: (followers) => this.checkHeads(followers),
    });
    const stopPings = clock.every(pingIntervalMs, () => void this.checkSubscriber());
    this.stopChecking = () => {
      stopHeads();
      stopPings();
    };
  }

  async follow(room: RoomId, listener: ChannelListener): Promise<Following> {
    const { keys, subscriber, feed } = this.options;
    const channel = keys.feedChannel(room);
    if (this.followed.has(channel)) throw new Error(`room ${room} is followed already`);
    const beginning: Beginning = { is: "beginning", heard: [] };
    this.followed.set(channel, beginning);
    try {
      await subscriber.subscribe(channel);
      // Read the head after the subscription is confirmed, so that the channel carries every later entry.
      const { epoch, head } = await feed.read(room, { limit: 1 });
      const follower = this.begin(room, { epoch, seq: head }, listener);
      this.followed.set(channel, { is: "followed", follower, listener });
      this.options.followers.set(room, follower);
      for (const message of beginning.heard) this.receive(channel, message);
      return {
        get cursor() {
          return follower.cursor;
        },
        reach: (seq) => follower.reach(seq),
        stop: () => this.unfollow(channel, follower),
      };
    } catch (error) {
      this.followed.delete(channel);
      // A subscription that got no answer may still be under way: the unsubscription follows it. Don't wait for it.
      void this.unsubscribe(channel);
      throw error;
    }
  }

  close(): void {
    this.stopChecking();
    for (const follower of this.followers()) follower.stop();
    this.followed.clear();
    this.options.followers.clear();
  }

  private begin(room: RoomId, head: Cursor, listener: ChannelListener): RoomFollower {
    const { feed, logger, events } = this.options;
    const watched: Pick<FeedListener, "appended" | "gap"> = {
      appended: (epoch, entries) => listener.appended(epoch, entries),
      gap(gap, cursor) {
        if (gap.reason === "rewound") events.emit("rewound");
        listener.gap(gap, cursor);
      },
    };
    const read = (of: RoomId, range: Range) => feed.read(of, range);
    return new RoomFollower(room, head, watched, read, (error) =>
      logger.warn({ room, err: error }, "could not read missed entries; trying again"),
    );
  }

  private followers(): RoomFollower[] {
    return [...this.followed.values()].flatMap((following) =>
      following.is === "followed" ? [following.follower] : [],
    );
  }

  private receive(channel: string, message: string): void {
    const following = this.followed.get(channel);
    if (following?.is === "beginning") following.heard.push(message);
    if (following?.is !== "followed") return;
    const typing = readTyping(message);
    if (typing === undefined) following.follower.receive(message);
    else following.listener.typed(typing.member, typing.isTyping);
  }

  private async unfollow(channel: string, follower: RoomFollower): Promise<void> {
    follower.stop();
    const following = this.followed.get(channel);
    if (following?.is !== "followed" || following.follower !== follower) return;
    this.followed.delete(channel);
    this.options.followers.delete(follower.room);
    await this.unsubscribe(channel);
  }

  private async unsubscribe(channel: string): Promise<void> {
    await this.options.subscriber.unsubscribe(channel).catch((error: unknown) => {
      this.options.logger.warn({ err: error }, "could not unsubscribe");
    });
  }

  /**
   * ioredis says "ready" when it has sent its subscriptions, not when they are confirmed: an entry published in between
   * would be missed until the next check. The answer to a ping comes after them.
   */
  private async catchUp(): Promise<void> {
    await this.options.subscriber.ping().catch(() => undefined);
    await this.checkAllHeads();
  }

  private async checkAllHeads(): Promise<void> {
    for (const followers of inParts(this.followers())) await this.checkHeads(followers);
  }

  /** A link that died silently shows neither an error nor a message, so ping it. */
  private async checkSubscriber(): Promise<void> {
    const { subscriber, logger } = this.options;
    if (subscriber.status !== "ready") return;
    await subscriber.ping().catch(() => {
      logger.warn("the subscriber does not answer; connecting anew");
      subscriber.disconnect(true);
    });
  }

  private async checkHeads(some: readonly RoomFollower[]): Promise<void> {
    // Others may have stopped since the round began.
    const followers = some.filter((follower) => this.options.followers.get(follower.room) === follower);
    if (followers.length === 0 || this.options.redis.status !== "ready") return;
    // Taken before asking: entries delivered meanwhile must not make the store look older.
    const delivered = followers.map(({ cursor }) => cursor);
    const { redis, keys } = this.options;
    const heads = await redis.askAll(
      followers.map(({ room }): StoreStep => [["hmget", keys.room(room).room, "epoch", "seq", "visits"]]),
    );
    heads.forEach(([error, head], index) => {
      const [follower, before] = [followers[index], delivered[index]];
      if (error !== null || follower === undefined || before === undefined) return;
      if (Array.isArray(head) && head[2]) this.options.events.emit("crowdNoticeWaits", follower.room);
      // Without its keys the room is gone, or, if it always exists, the read makes it again.
      const cursor = readHead(head) ?? { epoch: "", seq: 1 };
      if (cursor.epoch === before.epoch && cursor.seq < before.seq) void this.rewind(follower, cursor);
      else follower.expect(cursor);
    });
  }

  private async rewind(follower: RoomFollower, head: Cursor): Promise<void> {
    const { logger, feed } = this.options;
    logger.warn({ room: follower.room }, "the store came back with fewer entries than were delivered");
    try {
      follower.expect({ ...head, epoch: await feed.rewind(follower.room, head.epoch) });
    } catch (error) {
      logger.warn({ room: follower.room, err: error }, "could not begin a new epoch; trying again");
    }
  }
}

function readHead(reply: unknown): Cursor | undefined {
  const [epoch, seq] = Array.isArray(reply) ? reply : [];
  return typeof epoch === "string" && typeof seq === "string" ? { epoch, seq: Number(seq) } : undefined;
}
