import type { Cursor, RoomId } from "../../../protocol/events";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { StoreConnection, StoreSubscriber } from "../../redis/connection";
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
  subscriber: StoreSubscriber;
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
  private readonly storeUse: StoreUse;
  private readonly crowdNotices: CrowdNotices;

  /** The caller owns the connections, and closes them. */
  constructor(options: RedisBrokerOptions) {
    const { events } = this;
    const followers = new Map<RoomId, { readonly cursor: Cursor }>();
    const withoutScripts = {
      ...options,
      limits: options,
      keys: createKeys(options.prefix, options.redis),
      events,
      followers,
    };
    const shared = { ...withoutScripts, scripts: new RoomScripts(withoutScripts) };
    this.storeUse = new StoreUse(shared);
    this.crowdNotices = new CrowdNotices(shared);
    this.membership = new RedisMembership({ ...shared, storeUse: this.storeUse });
    const withMembership = { ...shared, membership: this.membership };
    this.feed = new RedisFeed(withMembership);
    this.rooms = new RedisRooms({ ...withMembership, feed: this.feed });
    this.typing = new RedisTyping(withMembership);
    this.unread = new RedisUnread(shared);
    this.storeLoss = new StoreLossDetector(shared);
    this.loads = new ReplicaLoads(withMembership);
    this.reachability = new Reachability(withMembership);
  }

  isReachable(): boolean {
    return this.reachability.isReachable;
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    return this.reachability.onChange(listener);
  }

  usedRatio(): number | undefined {
    return this.storeUse.ratio;
  }

  onRewound(listener: (cause: Rewind) => void): () => void {
    const tell = (cause?: Rewind): void => {
      if (cause !== undefined) listener(cause);
    };
    this.events.on("rewound", tell);
    return () => void this.events.off("rewound", tell);
  }

  /** Leases show which members have come back, on any replica. */
  takesConnections(): void {}

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
