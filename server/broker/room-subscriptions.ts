import type { Cursor, RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { FeedListener, Following, Page, Range } from "./broker";
import { RoomFollower } from "./room-follower";

/** A loss that neither a later message nor a reconnect shows (a half-open subscriber) is found after so long. */
const headCheckIntervalMs = 5_000;

type World = {
  commands: StoreConnection;
  subscriber: StoreConnection;
  keys: Keys;
  clock: Clock;
  logger: Logger;
  read(room: RoomId, range: Range): Promise<Page>;
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
    this.stopChecking = clock.every(headCheckIntervalMs, () => void this.checkHeads());
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

  private async checkHeads(): Promise<void> {
    const followers = [...this.followers.values()];
    if (followers.length === 0 || this.world.commands.status !== "ready") return;
    const pipeline = this.world.commands.pipeline();
    for (const { room } of followers) pipeline.hmget(this.world.keys.room(room)[0] ?? "", "epoch", "seq");
    const heads = (await pipeline.exec().catch(() => null)) ?? [];
    heads.forEach(([error, head], index) => {
      const cursor = error === null ? readHead(head) : undefined;
      if (cursor !== undefined) followers[index]?.expect(cursor);
    });
  }
}

function readHead(reply: unknown): Cursor | undefined {
  const [epoch, seq] = Array.isArray(reply) ? reply : [];
  return typeof epoch === "string" && typeof seq === "string" ? { epoch, seq: Number(seq) } : undefined;
}
