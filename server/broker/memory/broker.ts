import { type Journal, noJournal } from "../../journal/journal";
import { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import type { Broker, BrokerLimits } from "../broker";
import { MemoryFeed } from "./feed";
import { MemoryMembership } from "./membership";
import { MemoryRooms } from "./rooms";
import { MemoryTyping } from "./typing";
import { MemoryUnread } from "./unread";

/** The embedded broker: one process, the same contract as Redis. Without a journal nothing is kept when it ends. */
export class MemoryBroker implements Broker {
  readonly kind = "memory";
  readonly rooms: MemoryRooms;
  readonly membership: MemoryMembership;
  readonly feed: MemoryFeed;
  readonly typing: MemoryTyping;
  readonly unread: MemoryUnread;

  constructor(
    limits: BrokerLimits,
    clock: Clock,
    private readonly bytes = new ByteCount(),
    private readonly journal: Journal = noJournal,
  ) {
    this.rooms = new MemoryRooms({ ...limits, clock, bytes, journal });
    this.membership = new MemoryMembership(this.rooms, clock, limits.graces);
    this.feed = new MemoryFeed(this.rooms, clock, limits);
    this.typing = new MemoryTyping(this.rooms);
    this.unread = new MemoryUnread(this.rooms);
  }

  isReachable(): boolean {
    return this.journal.isReachable();
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    return this.journal.onReachable(listener);
  }

  usedRatio(): number | undefined {
    return Number.isFinite(this.bytes.limit) ? this.bytes.ratio : undefined;
  }

  onRewound(): () => void {
    return () => undefined;
  }

  takesConnections(): void {
    this.membership.awaitReturns();
  }

  async shareLoad(connections: number): Promise<number[]> {
    return [connections];
  }

  async withdrawLoad(): Promise<void> {}

  async close(): Promise<void> {
    this.membership.end();
    this.rooms.stop();
  }
}
