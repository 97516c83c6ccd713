import { LRUCache } from "lru-cache";
import type { HistoryAnswer, RoomId } from "../../protocol/events";
import type { Visitor } from "../accounts/identity";
import type { BrokerFeed, Page, Range } from "../broker/feed";
import { ChatError } from "../errors";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import { LeakyBucket } from "../lib/leaky-bucket";
import type { Network } from "../lib/network";
import type { Rate } from "../lib/rate";

/** Bytes of entries, as JSON. */
export type HistoryRates = { visitor: Rate; network: Rate };

/** Readers ask for the same page together: after an outage, or when a member has answered an old message. */
const keptMs = 1_000;
const mostKept = 500;
const mostRemembered = 50_000;

type Head = Pick<Page, "epoch" | "first" | "head">;
type KeptPage = { head: Head; reading: Promise<{ answer: HistoryAnswer; bytes: number }> };
type HistoryReader = { visitor: Visitor; network: Network };
type HistoryPagesOptions = {
  readPage(room: RoomId, range: Range): Promise<HistoryAnswer>;
  broker: { feed: Pick<BrokerFeed, "read"> };
  clock: Clock;
};

/**
 * Reads pages of history, bounded in bytes for each visitor and network. A page is read once for all its readers while
 * the room stays as it is: each asks the store only for the room's head, and every change has a number.
 */
export class HistoryPages {
  private readonly pages: LRUCache<string, KeptPage>;
  private readonly visitors = boundedMap<string, LeakyBucket>(mostRemembered);
  private readonly networks = boundedMap<Network, LeakyBucket>(mostRemembered);

  /** Without `rates` nothing is bounded (RATE_LIMITS=off). */
  constructor(
    private readonly options: HistoryPagesOptions,
    private readonly rates: HistoryRates | undefined,
  ) {
    const perf = { now: () => options.clock.now() };
    this.pages = new LRUCache({ max: mostKept, ttl: keptMs, ttlResolution: 0, perf });
  }

  /**
   * Throws ChatError("rate_limited"), and as `readPage` does. A page's size is known only after it is read, so it
   * delays the next page.
   */
  async read({ visitor, network }: HistoryReader, room: RoomId, range: Range): Promise<HistoryAnswer> {
    const buckets = this.bucketsOf(visitor, network);
    for (const { bucket, scope } of buckets) {
      const waitMs = bucket.fullForMs();
      if (waitMs > 0) throw new ChatError("rate_limited", "Too much history at once.", waitMs, scope);
    }
    const { answer, bytes } = await this.page(room, range);
    for (const { bucket } of buckets) bucket.add(bytes);
    return answer;
  }

  private async page(room: RoomId, range: Range): KeptPage["reading"] {
    const { epoch, first, head } = await this.options.broker.feed.read(room, { limit: 1 });
    const key = JSON.stringify([room, range.after, range.before, range.limit]);
    const kept = this.pages.get(key);
    if (kept?.head.epoch === epoch && kept.head.first === first && kept.head.head === head)
      return kept.reading;
    const reading = this.options.readPage(room, range).then((answer) => ({
      answer,
      bytes: Buffer.byteLength(JSON.stringify(answer.entries)),
    }));
    this.pages.set(key, { head: { epoch, first, head }, reading });
    reading.catch(() => this.pages.delete(key));
    return reading;
  }

  private bucketsOf(visitor: Visitor, network: Network) {
    const { rates } = this;
    if (rates === undefined) return [];
    return [
      { bucket: this.bucketOf(this.visitors, visitor.id, rates.visitor), scope: undefined },
      { bucket: this.bucketOf(this.networks, network, rates.network), scope: "network" as const },
    ];
  }

  private bucketOf<Key extends string>(buckets: LRUCache<Key, LeakyBucket>, key: Key, rate: Rate) {
    const known = buckets.get(key);
    if (known !== undefined) return known;
    const bucket = new LeakyBucket(rate, this.options.clock);
    buckets.set(key, bucket);
    return bucket;
  }
}
