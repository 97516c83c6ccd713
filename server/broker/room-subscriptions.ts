import type { Cursor, RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { FeedListener, Following, Page, Range } from "./broker";
import { RoomFollower } from "./room-follower";

/** A loss that neither a later message nor a reconnect shows (a half-open subscriber) is found after so long. */
const headCheckIntervalMs = 5_000;
/** With a command's time-out, a subscriber that is cut off in silence is replaced within 4 s. */
const pingIntervalMs = 2_000;

type World = {
  commands: StoreConnection;
  subscriber: StoreConnection;
  keys: Keys;
  clock: Clock;
  logger: Logger;
  read(room: RoomId, range: Range): Promise<Page>;
  /** Begins a new epoch if the store is still older than what was delivered. */
  rewind(room: RoomId, delivered: Cursor): Promise<void>;
};

/** The rooms this replica follows: one subscription each, one listener on the subscriber for all of them. */
export class RoomSubscriptions {
  private readonly followers = new Map<string, RoomFollower>();
  private readonly stopChecking: () => void;

  constructor(private readonly world: World) {
    const { subscriber, clock } = world;
    subscriber.on("message", (channel: string, message: string) =>
      this.followers.get(channel)?.receive(message),
    );
    // ioredis has subscribed again by then; what was published meanwhile is in the streams.
    subscriber.on("ready", () => void this.checkHeads());
    const stopHeads = clock.every(headCheckIntervalMs, () => void this.checkHeads());
    const stopPings = clock.every(pingIntervalMs, () => void this.checkSubscriber());
    this.stopChecking = () => {
      stopHeads();
      stopPings();
    };
  }

  async follow(room: RoomId, listener: FeedListener): Promise<Following> {
    const { keys, subscriber, logger } = this.world;
    const channel = keys.feedChannel(room);
    if (this.followers.has(channel)) throw new Error(`room ${room} is followed already`);
    await subscriber.subscribe(channel);
    try {
      // After the subscription is confirmed: what follows this head will be heard of.
      const { epoch, head } = await this.world.read(room, { limit: 1 });
      const follower = new RoomFollower(room, { epoch, seq: head }, listener, this.world.read, (error) =>
        logger.warn({ room, err: error }, "could not read what was missed; trying again"),
      );
      this.followers.set(channel, follower);
      return {
        get cursor() {
          return follower.cursor;
        },
        reach: (seq) => follower.reach(seq),
        stop: () => this.unfollow(channel, follower),
      };
    } catch (error) {
      await this.unsubscribe(channel);
      throw error;
    }
  }

  close(): void {
    this.stopChecking();
    for (const follower of this.followers.values()) follower.stop();
    this.followers.clear();
  }

  private async unfollow(channel: string, follower: RoomFollower): Promise<void> {
    follower.stop();
    if (this.followers.get(channel) !== follower) return;
    this.followers.delete(channel);
    await this.unsubscribe(channel);
  }

  private async unsubscribe(channel: string): Promise<void> {
    await this.world.subscriber.unsubscribe(channel).catch((error: unknown) => {
      this.world.logger.warn({ err: error }, "could not unsubscribe");
    });
  }

  private async rewind(follower: RoomFollower, delivered: Cursor): Promise<void> {
    const { logger } = this.world;
    logger.warn({ room: follower.room }, "the store came back older than what was delivered");
    try {
      await this.world.rewind(follower.room, delivered);
      await follower.startAnew();
    } catch (error) {
      logger.warn({ room: follower.room, err: error }, "could not begin a new epoch; trying again");
    }
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
    const followers = [...this.followers.values()];
    if (followers.length === 0 || this.world.commands.status !== "ready") return;
    // As of the question: what is delivered while it is under way must not look as if the store were older.
    const delivered = followers.map(({ cursor }) => cursor);
    const pipeline = this.world.commands.pipeline();
    for (const { room } of followers) pipeline.hmget(this.world.keys.room(room)[0] ?? "", "epoch", "seq");
    const heads = (await pipeline.exec().catch(() => null)) ?? [];
    heads.forEach(([error, head], index) => {
      const [follower, before] = [followers[index], delivered[index]];
      const cursor = error === null ? readHead(head) : undefined;
      if (cursor === undefined || follower === undefined || before === undefined) return;
      if (cursor.epoch === before.epoch && cursor.seq < before.seq) void this.rewind(follower, before);
      else follower.expect(cursor);
    });
  }
}

function readHead(reply: unknown): Cursor | undefined {
  const [epoch, seq] = Array.isArray(reply) ? reply : [];
  return typeof epoch === "string" && typeof seq === "string" ? { epoch, seq: Number(seq) } : undefined;
}
