import type { Cursor, RoomId } from "../../../protocol/events";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { StoreConnection } from "../../redis/clients";
import { createKeys } from "../../redis/keys";
import type { Broker, BrokerLimits, Rewind } from "../broker";
import { BrokerEvents } from "./events";
import { CrowdNotices } from "./feed/crowd-notices";
import { RedisFeed } from "./feed/feed";
import { RedisMembership } from "./presence/membership";
import { Reachability } from "./reachability";
import { ReplicaLoads } from "./replica-loads";
import { RoomScripts } from "./room-scripts";
import { RedisRooms } from "./rooms";
import { StoreLossDetector } from "./store-loss-detector";
import { StoreUse } from "./store-use";
import { RedisTyping } from "./typing";
import { RedisUnread } from "./unread";

export type RedisBrokerOptions = BrokerLimits & {
  redis: StoreConnection;
  subscriber: StoreConnection;
  prefix: string;
  clock: Clock;
  logger: Logger;
};

/** Streams keep the entries, pub/sub delivers them: docs/decisions/002-room-streams-and-channels.md. */
export class RedisBroker implements Broker {
  readonly kind = "redis";
  readonly rooms: RedisRooms;
  readonly membership: RedisMembership;
  readonly feed: RedisFeed;
  readonly typing: RedisTyping;
  readonly unread: RedisUnread;
  private readonly events = new BrokerEvents();
  private readonly reachability: Reachability;
  private readonly storeLoss: StoreLossDetector;
  private readonly loads: ReplicaLoads;
  private readonly use: StoreUse;
  private readonly crowdNotices: CrowdNotices;

  /** The caller owns the connections, and closes them. */
  constructor(options: RedisBrokerOptions) {
    const { events } = this;
    const followers = new Map<RoomId, { readonly cursor: Cursor }>();
    const all = { ...options, limits: options, keys: createKeys(options.prefix), events, followers };
    const parts = { ...all, scripts: new RoomScripts(all) };
    this.use = new StoreUse(parts);
    this.crowdNotices = new CrowdNotices(parts);
    this.membership = new RedisMembership({ ...parts, use: this.use });
    const withMembers = { ...parts, members: this.membership };
    this.feed = new RedisFeed(withMembers);
    this.rooms = new RedisRooms({ ...withMembers, feed: this.feed });
    this.typing = new RedisTyping(withMembers);
    this.unread = new RedisUnread(parts);
    this.storeLoss = new StoreLossDetector(parts);
    this.loads = new ReplicaLoads(withMembers);
    this.reachability = new Reachability(withMembers);
  }

  isReachable(): boolean {
    return this.reachability.isReachable;
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    return this.reachability.onChange(listener);
  }

  usedRatio(): number | undefined {
    return this.use.ratio;
  }

  onRewound(listener: (cause: Rewind) => void): () => void {
    const tell = (cause?: Rewind): void => {
      if (cause !== undefined) listener(cause);
    };
    this.events.on("rewound", tell);
    return () => void this.events.off("rewound", tell);
  }

  shareLoad(connections: number): Promise<number[]> {
    return this.loads.share(connections);
  }

  withdrawLoad(): Promise<void> {
    return this.loads.withdraw();
  }

  async close(): Promise<void> {
    this.storeLoss.close();
    await this.membership.close();
    this.feed.close();
    this.crowdNotices.close();
  }
}
