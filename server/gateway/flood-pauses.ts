import type { LRUCache } from "lru-cache";
import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import { LeakyBucket } from "../lib/leaky-bucket";
import type { Network } from "../lib/network";

/** Each further flood within `rememberedMs` doubles the pause. */
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;
const rememberedMs = 600_000;
/** W-8a: when this many visitors of a network have flooded within a minute, the network pauses as well. */
const floodingVisitors = 3;
const togetherMs = 60_000;
/** Limits refused handshakes of a paused network: a whole school may each try once, a program never stops trying. */
const knockRate = { perSecond: 5, burst: 600 };
const maxRemembered = 50_000;

type Pause = { until: number; times: number };

/**
 * How long visitors closed for a flood must wait to connect again. If several visitors of a network flooded, its
 * visitors without a token wait too. Known to this replica only.
 */
export class FloodPauses {
  private readonly visitors = boundedMap<VisitorId, Pause>(maxRemembered);
  private readonly networks = boundedMap<Network, Pause>(maxRemembered);
  private readonly floods = boundedMap<Network, Map<VisitorId | symbol, number>>(maxRemembered);
  private readonly knocks = boundedMap<Network, LeakyBucket>(maxRemembered);

  constructor(private readonly clock: Clock) {}

  /** Records that a connection was closed for a flood; `visitor` is undefined before its hello. */
  add(network: Network, visitor: VisitorId | undefined): void {
    const now = this.clock.now();
    if (visitor !== undefined) this.pause(this.visitors, visitor, now);
    const recent = new Map([...(this.floods.get(network) ?? [])].filter(([, at]) => now - at < togetherMs));
    recent.set(visitor ?? Symbol(), now);
    this.floods.set(network, recent);
    if (recent.size < floodingVisitors) return;
    this.floods.delete(network);
    this.pause(this.networks, network, now);
  }

  /** Throws ChatError("rate_limited"). */
  admitVisitor(network: Network, visitor: VisitorId): void {
    const waitMs = this.leftMs(this.visitors, visitor);
    if (waitMs === 0) return;
    this.knock(network);
    throw new ChatError("rate_limited", "Too many requests; try again later.", waitMs);
  }

  /** Throws ChatError("rate_limited") of scope "network". */
  admitTokenless(network: Network): void {
    const waitMs = this.leftMs(this.networks, network);
    if (waitMs === 0) return;
    this.knock(network);
    throw new ChatError(
      "rate_limited",
      "Too many requests from your network; try again later.",
      waitMs,
      "network",
    );
  }

  /** Whether the network was refused so often that its upgrades are now refused without a reason. */
  isShut(network: Network): boolean {
    return (this.knocks.get(network)?.fullForMs() ?? 0) > 0;
  }

  private knock(network: Network): void {
    const bucket = this.knocks.get(network) ?? new LeakyBucket(knockRate, this.clock);
    bucket.add(1);
    this.knocks.set(network, bucket);
  }

  private pause<Key extends string>(pauses: LRUCache<Key, Pause>, key: Key, now: number): void {
    const before = pauses.get(key);
    // Several connections of one visitor that flood at once are one flood.
    if (before !== undefined && now < before.until) return;
    const times = before !== undefined && now - before.until < rememberedMs ? before.times + 1 : 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (times - 1));
    pauses.set(key, { until: now + pauseMs, times });
  }

  private leftMs<Key extends string>(pauses: LRUCache<Key, Pause>, key: Key): number {
    return Math.max(0, (pauses.get(key)?.until ?? 0) - this.clock.now());
  }
}
