import { EventEmitter } from "node:events";
import { Redis, type RedisOptions } from "ioredis";
import type { ClusterConnection, NodeName } from "./cluster-connection";
import { survivesCutHandshakes } from "./cut-handshakes";

type Events = { message: [channel: string, message: string]; ready: []; close: [] };

type LinkOptions = Omit<RedisOptions, "replyMapping">;
/** A link to one server; whether its last ping was not answered, and whether it was never there before. */
type Link = { redis: Redis; isSilent: boolean; isNew: boolean };

/** How a subscription ends that is on no server. */
const nowhere = "";

/**
 * Subscriptions to a cluster's sharded channels, each on the server that has the channel's slot, one link for each server. The
 * library's own subscriber tells neither when its subscriptions stand nor that a link has died in silence, and one that
 * subscribes anew after a slot has moved ends the process with an unhandled rejection.
 */
export class ClusterSubscriber extends EventEmitter<Events> {
  private readonly links = new Map<NodeName, Link>();
  /** Each channel that is wanted, and the server to which the subscription was sent. */
  private readonly places = new Map<string, NodeName>();
  private isClosed = false;

  constructor(
    private readonly cluster: ClusterConnection,
    private readonly linkOptions: LinkOptions,
    private readonly failed: (error: Error, node: NodeName) => void,
  ) {
    super();
    cluster.on("refresh", () => void this.settle());
    cluster.on("ready", () => this.emit("ready"));
    cluster.on("close", () => this.emit("close"));
  }

  /** Of the cluster: a server that is away takes its own channels with it, and no others. */
  get status(): string {
    return this.cluster.status;
  }

  async subscribe(channel: string): Promise<void> {
    this.places.set(channel, nowhere);
    try {
      await this.place(channel);
    } catch (error) {
      if (!isMoved(error)) throw error;
      await this.readMap();
      await this.place(channel);
    }
  }

  async unsubscribe(channel: string): Promise<void> {
    const place = this.places.get(channel);
    this.places.delete(channel);
    await this.links.get(place ?? nowhere)?.redis.sunsubscribe(channel);
  }

  async ping(): Promise<void> {
    const links = [...this.links.values()].filter(({ redis }) => redis.status === "ready");
    const answers = await Promise.allSettled(
      links.map(async (link) => {
        link.isSilent = true;
        await link.redis.ping();
        link.isSilent = false;
      }),
    );
    const failure = answers.find((answer) => answer.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  disconnect(isReconnecting = false): void {
    for (const link of this.links.values())
      if (!isReconnecting || link.isSilent) link.redis.disconnect(isReconnecting);
    if (isReconnecting) return;
    this.isClosed = true;
    this.links.clear();
    this.places.clear();
  }

  /** Sends the subscription to the server that has the slot. Its place is known at once, so that an unsubscription follows it. */
  private async place(channel: string): Promise<void> {
    const node = this.cluster.nodeOf(channel);
    if (node === undefined) throw new Error("the cluster is away");
    this.places.set(channel, node);
    await this.linkTo(node).redis.ssubscribe(channel);
  }

  /** After the map was read: moves the subscriptions whose slots have moved, and closes links that have none. */
  private async settle(): Promise<void> {
    if (this.isClosed) return;
    const moved = [...this.places].filter(([channel, place]) => {
      const node = this.cluster.nodeOf(channel);
      return node !== undefined && node !== place;
    });
    for (const [channel, place] of moved)
      this.links
        .get(place)
        ?.redis.sunsubscribe(channel)
        .catch(() => undefined);
    await this.placeAgain(moved.map(([channel]) => channel));
    this.closeEmpty();
  }

  /**
   * A channel without a server waits for the next reading of the map. A channel that has moved may have missed
   * messages: `ready` says so.
   */
  private async placeAgain(channels: readonly string[]): Promise<void> {
    const placing = channels.filter((channel) => this.places.has(channel));
    const outcomes = await Promise.allSettled(
      placing.map(async (channel) => {
        const placed = this.place(channel);
        const node = this.places.get(channel);
        await placed.catch((error: unknown) => {
          // Unless it was placed meanwhile on the server that has the slot now.
          if (this.places.get(channel) === node) this.places.set(channel, nowhere);
          throw error;
        });
      }),
    );
    if (outcomes.some(({ status }) => status === "fulfilled")) this.emit("ready");
  }

  private linkTo(node: NodeName): Link {
    const known = this.links.get(node);
    if (known !== undefined) return known;
    const at = node.lastIndexOf(":");
    const redis = new Redis({
      ...this.linkOptions,
      host: node.slice(0, at),
      port: Number(node.slice(at + 1)),
      // The library's own attempt does not catch the refusal of a channel whose slot has moved.
      autoResubscribe: false,
    });
    const link = { redis, isSilent: false, isNew: true };
    this.links.set(node, link);
    survivesCutHandshakes(redis);
    redis.on("smessage", (channel: string, message: string) => this.emit("message", channel, message));
    redis.on("error", (error: Error) => this.failed(error, node));
    redis.on("ready", () => this.resume(node, link));
    // The server has ended subscriptions whose slots have moved, without saying to where.
    redis.on("moved", () => void this.readMap().then(() => this.placeAgain(this.channelsOn(node))));
    return link;
  }

  /** A link is there, or there again: sends its subscriptions. */
  private resume(node: NodeName, link: Link): void {
    // The library sends those that waited for the first connection.
    if (!link.isNew) void this.placeAgain(this.channelsOn(node));
    link.isNew = false;
  }

  private channelsOn(node: NodeName): string[] {
    return [...this.places].flatMap(([channel, place]) => (place === node ? [channel] : []));
  }

  private closeEmpty(): void {
    const used = new Set(this.places.values());
    for (const [node, { redis }] of this.links) {
      if (used.has(node)) continue;
      this.links.delete(node);
      redis.disconnect();
    }
  }

  private readMap(): Promise<void> {
    return new Promise((resolve) => this.cluster.refreshSlotsCache(() => resolve()));
  }
}

const isMoved = (error: unknown): boolean => error instanceof Error && error.message.startsWith("MOVED ");
