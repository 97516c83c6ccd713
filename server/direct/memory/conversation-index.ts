import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../../protocol/events";
import { maxListedConversations, maxListedRequests } from "../../../protocol/limits";
import { ChatError, storeIsFull } from "../../errors";
import { ByteCount } from "../../lib/byte-count";
import {
  type ConversationIndex,
  type ConversationPage,
  type DirectSettings,
  type ListedConversation,
  maxAcquaintances,
  maxBlocked,
  type NewlyListed,
  type Relation,
} from "../conversation-index";

type Places = Map<VisitorId, number>;

/** `lastAt` by partner: 0 when only the partner lists it so far, minus the last message's time when it was dropped. */
type Holding = {
  lastAt: Places;
  requests: Places;
  blocked: Set<VisitorId>;
  refuses: boolean;
  version: number;
};

/** How many visitors are remembered, the least recent forgotten first: a bound on memory. */
const maxVisitors = 50_000;
const maxNewcomers = 10_000;
/** Bytes of a visitor, and of each visitor that it has written with or blocked: measured, rounded up. */
const [visitorBytes, otherBytes] = [800, 100];

/** The embedded index: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryConversationIndex implements ConversationIndex {
  private readonly holdings = new LRUCache<VisitorId, Holding>({
    max: maxVisitors,
    dispose: ({ lastAt, requests, blocked }) =>
      this.bytes.free(visitorBytes + otherBytes * (lastAt.size + requests.size + blocked.size)),
  });
  private arrived: VisitorId[] = [];
  private dropped = 0;

  constructor(private readonly bytes = new ByteCount()) {}

  async relation(visitor: VisitorId, partner: VisitorId): Promise<Relation> {
    const [own, other] = [this.holdings.get(visitor), this.holdings.get(partner)];
    return {
      lists: (own?.lastAt.has(partner) || own?.requests.has(partner)) ?? false,
      hasBlocked: own?.blocked.has(partner) ?? false,
      partner: {
        knows: (other?.lastAt.get(visitor) ?? 0) !== 0,
        refuses: other?.refuses ?? false,
        hasBlocked: other?.blocked.has(visitor) ?? false,
      },
    };
  }

  async opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    this.checkSpace();
    this.raise(opener, partner, createdAt);
    this.raise(partner, opener, 0);
  }

  async asked(opener: VisitorId, partner: VisitorId, at: number): Promise<void> {
    this.checkSpace();
    this.raise(opener, partner, at);
    this.raise(partner, opener, 0);
    const { lastAt, requests } = this.holdingOf(partner);
    if (isDropped(lastAt.get(opener), at)) return;
    const before = requests.get(opener);
    const size = requests.size;
    requests.set(opener, Math.max(at, before ?? 0));
    trim(requests, maxListedRequests);
    this.bytes.add(otherBytes * (requests.size - size));
    this.tell(partner, isListed(before) || isListed(lastAt.get(opener)));
  }

  async accepted(visitor: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    const { requests } = this.holdingOf(visitor);
    const at = requests.get(partner) ?? createdAt;
    if (requests.delete(partner)) this.bytes.free(otherBytes);
    this.raise(visitor, partner, at);
    // A partner that was forgotten gets no new holding.
    if (this.holdings.get(partner)?.lastAt.has(visitor)) await this.touch([partner]);
  }

  async spoke(one: VisitorId, other: VisitorId, at: number): Promise<void> {
    this.checkSpace();
    for (const [visitor, partner] of [
      [one, other],
      [other, one],
    ] as const) {
      this.raise(visitor, partner, at);
      if (this.holdingOf(visitor).requests.delete(partner)) this.bytes.free(otherBytes);
    }
  }

  async drop(visitor: VisitorId, partner: VisitorId): Promise<void> {
    const holding = this.holdings.get(visitor);
    const at = Math.max(holding?.lastAt.get(partner) ?? 0, holding?.requests.get(partner) ?? 0);
    if (holding === undefined || at <= 0) return;
    holding.lastAt.set(partner, -at);
    if (holding.requests.delete(partner)) this.bytes.free(otherBytes);
    holding.version += 1;
  }

  async ended(visitor: VisitorId, { partner, lastEntryAt, isRequest }: ListedConversation): Promise<void> {
    const holding = this.holdings.get(visitor);
    const places = isRequest ? holding?.requests : holding?.lastAt;
    if (places?.get(partner) === lastEntryAt && places.delete(partner)) this.bytes.free(otherBytes);
  }

  async list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<ConversationPage> {
    const holding = this.holdings.get(visitor);
    const wanted = partners && new Set(partners);
    const choose = (places: Places | undefined, most: number, isRequest: boolean): ListedConversation[] => {
      const listed = [...(places ?? [])].filter(([, at]) => isListed(at));
      const chosen = wanted
        ? listed.filter(([partner]) => wanted.has(partner))
        : listed.sort(newestFirst).slice(0, most);
      return chosen.map(([partner, lastEntryAt]) => ({
        partner,
        lastEntryAt,
        isRequest,
        hasBlocked: this.holdings.get(partner)?.blocked.has(visitor) ?? false,
      }));
    };
    return {
      version: String(holding?.version ?? 0),
      found: [
        ...choose(holding?.lastAt, maxListedConversations, false),
        ...choose(holding?.requests, maxListedRequests, true),
      ],
    };
  }

  async settings(visitor: VisitorId): Promise<DirectSettings> {
    const { refuses = false, blocked = [] } = this.holdings.get(visitor) ?? {};
    return { refusesNew: refuses, blocked: [...blocked] };
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    if (refuses) this.checkSpace();
    this.holdingOf(visitor).refuses = refuses;
  }

  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean> {
    if (!isBlocked) {
      const wasBlocked = this.holdings.get(visitor)?.blocked.delete(other) ?? false;
      if (wasBlocked) this.bytes.free(otherBytes);
      return wasBlocked;
    }
    const { blocked } = this.holdingOf(visitor);
    if (blocked.has(other)) return false;
    if (blocked.size >= maxBlocked) throw new ChatError("forbidden");
    this.checkSpace();
    blocked.add(other);
    this.bytes.add(otherBytes);
    return true;
  }

  async acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]> {
    const { lastAt = [], requests = new Map() } = this.holdings.get(visitor) ?? {};
    const places = [...new Map([...lastAt, ...requests])];
    return places.map(([partner, at]) => ({ partner, lists: isListed(at) }));
  }

  async touch(visitors: readonly VisitorId[]): Promise<void> {
    for (const visitor of visitors) this.holdingOf(visitor).version += 1;
  }

  async versions(visitors: readonly VisitorId[]): Promise<string[]> {
    return visitors.map((visitor) => String(this.holdings.get(visitor)?.version ?? 0));
  }

  async forget(visitor: VisitorId): Promise<void> {
    this.holdings.delete(visitor);
  }

  async newcomers(after?: string): Promise<NewlyListed> {
    const start = after === undefined ? this.arrived.length : Math.max(0, Number(after) - this.dropped);
    const visitors = [...new Set(this.arrived.slice(start))];
    return { upTo: String(this.dropped + this.arrived.length), visitors };
  }

  private raise(visitor: VisitorId, partner: VisitorId, at: number): void {
    const { lastAt } = this.holdingOf(visitor);
    const before = lastAt.get(partner);
    if (isDropped(before, at)) return;
    const size = lastAt.size;
    lastAt.set(partner, Math.max(at, before ?? 0));
    trim(lastAt, maxAcquaintances);
    this.bytes.add(otherBytes * (lastAt.size - size));
    if (isListed(at)) this.tell(visitor, isListed(before));
  }

  private tell(visitor: VisitorId, wasListed: boolean): void {
    this.holdingOf(visitor).version += 1;
    if (!wasListed) this.arrive(visitor);
  }

  private checkSpace(): void {
    if (this.bytes.isFull) throw storeIsFull();
  }

  private arrive(visitor: VisitorId): void {
    this.arrived.push(visitor);
    if (this.arrived.length < 2 * maxNewcomers) return;
    this.arrived = this.arrived.slice(maxNewcomers);
    this.dropped += maxNewcomers;
  }

  private holdingOf(visitor: VisitorId): Holding {
    const known = this.holdings.get(visitor);
    if (known !== undefined) return known;
    const holding: Holding = {
      lastAt: new Map(),
      requests: new Map(),
      blocked: new Set(),
      refuses: false,
      version: 0,
    };
    this.holdings.set(visitor, holding);
    this.bytes.add(visitorBytes);
    return holding;
  }
}

const isListed = (at: number | undefined): boolean => at !== undefined && at > 0;

/** Whether the place was dropped with a last message of that time, or a newer one. */
const isDropped = (place: number | undefined, at: number): boolean =>
  place !== undefined && place < 0 && at <= -place;

/** Drops the place that was silent the longest. */
function trim(places: Places, most: number): void {
  if (places.size > most) places.delete([...places].sort(newestFirst).at(-1)?.[0] ?? "");
}

const newestFirst = ([one, at]: [VisitorId, number], [other, otherAt]: [VisitorId, number]): number =>
  otherAt - at || (one < other ? 1 : -1);
