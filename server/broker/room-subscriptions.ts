import type { Cursor, Member, RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { FeedListener, Following, Page, Range } from "./broker";
import { readTyping } from "./entry-line";
import { RoomFollower } from "./room-follower";

/** A loss that neither a later message nor a reconnect shows (a half-open subscriber) is found after so long. */
const headCheckIntervalMs = 5_000;
/** With a command's time-out, a subscriber that is cut off in silence is replaced within 4 s. */
const pingIntervalMs = 2_000;

/** What the channel of a room carries: its feed, and beside it each word on who types. */
export type ChannelListener = Pick<FeedListener, "appended" | "gap"> & {
  typed(member: Member, isTyping: boolean): void;
};

/** What the room's channel carried while its following was still beginning. */
type Beginning = { is: "beginning"; heard: string[] };
type Followed = { is: "followed"; follower: RoomFollower; listener: ChannelListener };

type World = {
  commands: StoreConnection;
  subscriber: StoreConnection;
  keys: Keys;
  clock: Clock;
  logger: Logger;
  store: {
    read(room: RoomId, range: Range): Promise<Page>;
    rewind(room: RoomId, epoch: string): Promise<string>;
  };
  /** The store came back older than what it had said before. */
  rewound(): void;
  /** Visits of the room were counted and are still to be told; the replica that would tell them may have died. */
  visitsWait(room: RoomId): void;
};

/** The rooms this replica follows: one subscription each, one listener on the subscriber for all of them. */
export class RoomSubscriptions {
  private readonly followed = new Map<string, Followed | Beginning>();
  private readonly stopChecking: () => void;

  constructor(private readonly world: World) {
    const { commands, subscriber, clock } = world;
    subscriber.on("message", (channel: string, message: string) => this.receive(channel, message));
    subscriber.on("ready", () => void this.catchUp());
    commands.on("ready", () => void this.checkHeads());
    const stopHeads = clock.every(headCheckIntervalMs, () => void this.checkHeads());
    const stopPings = clock.every(pingIntervalMs, () => void this.checkSubscriber());
    this.stopChecking = () => {
      stopHeads();
      stopPings();
    };
  }

  async follow(room: RoomId, listener: ChannelListener): Promise<Following> {
    const { keys, subscriber, store } = this.world;
    const channel = keys.feedChannel(room);
    if (this.followed.has(channel)) throw new Error(`room ${room} is followed already`);
    const beginning: Beginning = { is: "beginning", heard: [] };
    this.followed.set(channel, beginning);
    try {
      await subscriber.subscribe(channel);
      // After the subscription is confirmed: what follows this head will be heard of.
      const { epoch, head } = await store.read(room, { limit: 1 });
      const follower = this.begin(room, { epoch, seq: head }, listener);
      this.followed.set(channel, { is: "followed", follower, listener });
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
      // Also after a subscription without an answer: it may be on its way, and is undone behind it. Nobody waits for it.
      void this.unsubscribe(channel);
      throw error;
    }
  }

  /** The last entry that was given on, of a room that is followed. */
  cursorOf(room: RoomId): Cursor | undefined {
    const following = this.followed.get(this.world.keys.feedChannel(room));
    return following?.is === "followed" ? following.follower.cursor : undefined;
  }

  close(): void {
    this.stopChecking();
    for (const follower of this.followers()) follower.stop();
    this.followed.clear();
  }

  private begin(room: RoomId, head: Cursor, listener: ChannelListener): RoomFollower {
    const { store, logger, rewound } = this.world;
    const watched: Pick<FeedListener, "appended" | "gap"> = {
      appended: (epoch, entries) => listener.appended(epoch, entries),
      gap(gap, cursor) {
        if (gap.reason === "rewound") rewound();
        listener.gap(gap, cursor);
      },
    };
    const read = (of: RoomId, range: Range) => store.read(of, range);
    return new RoomFollower(room, head, watched, read, (error) =>
      logger.warn({ room, err: error }, "could not read what was missed; trying again"),
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
    await this.unsubscribe(channel);
  }

  private async unsubscribe(channel: string): Promise<void> {
    await this.world.subscriber.unsubscribe(channel).catch((error: unknown) => {
      this.world.logger.warn({ err: error }, "could not unsubscribe");
    });
  }

  /**
   * ioredis says "ready" when it has sent its subscriptions, not when they stand: what is published in between would be in
   * nobody's hands until the next check. The answer to a ping comes behind them.
   */
  private async catchUp(): Promise<void> {
    await this.world.subscriber.ping().catch(() => undefined);
    await this.checkHeads();
  }

  /** A link that died in silence shows neither an error nor a message: it is asked. */
  private async checkSubscriber(): Promise<void> {
    const { subscriber, logger } = this.world;
    if (subscriber.status !== "ready") return;
    await subscriber.ping().catch(() => {
      logger.warn("the subscriber does not answer; connecting anew");
      subscriber.disconnect(true);
    });
  }

  private async checkHeads(): Promise<void> {
    const followers = this.followers();
    if (followers.length === 0 || this.world.commands.status !== "ready") return;
    // As of the question: what is delivered while it is under way must not look as if the store were older.
    const delivered = followers.map(({ cursor }) => cursor);
    const pipeline = this.world.commands.pipeline();
    for (const { room } of followers)
      pipeline.hmget(this.world.keys.room(room)[0] ?? "", "epoch", "seq", "visits");
    const heads = (await pipeline.exec().catch(() => null)) ?? [];
    heads.forEach(([error, head], index) => {
      const [follower, before] = [followers[index], delivered[index]];
      if (error !== null || follower === undefined || before === undefined) return;
      if (Array.isArray(head) && head[2]) this.world.visitsWait(follower.room);
      // Without its keys the room is no more, or, when it is one that always exists, made by the reading.
      const cursor = readHead(head) ?? { epoch: "", seq: 1 };
      if (cursor.epoch === before.epoch && cursor.seq < before.seq) void this.rewind(follower, cursor);
      else follower.expect(cursor);
    });
  }

  private async rewind(follower: RoomFollower, head: Cursor): Promise<void> {
    const { logger, store } = this.world;
    logger.warn({ room: follower.room }, "the store came back older than what was delivered");
    try {
      follower.expect({ ...head, epoch: await store.rewind(follower.room, head.epoch) });
    } catch (error) {
      logger.warn({ room: follower.room, err: error }, "could not begin a new epoch; trying again");
    }
  }
}

function readHead(reply: unknown): Cursor | undefined {
  const [epoch, seq] = Array.isArray(reply) ? reply : [];
  return typeof epoch === "string" && typeof seq === "string" ? { epoch, seq: Number(seq) } : undefined;
}
