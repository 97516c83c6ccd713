import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../protocol/events";
import { maxListedConversations } from "../../protocol/limits";
import { ChatError } from "../chat/errors";
import { ByteCount } from "../lib/byte-count";
import {
  type ConversationIndex,
  type Correspondence,
  type Correspondences,
  maxAcquaintances,
  maxBlocked,
  type Newcomers,
  type Relation,
  type Settings,
} from "./conversation-index";

/** `lastAt` by partner: 0 when only the partner has it in its list so far. */
type Holding = { lastAt: Map<VisitorId, number>; blocked: Set<VisitorId>; refuses: boolean; version: number };

/** Visitors who are remembered, the least recent forgotten first: a bound on memory. */
const maxVisitors = 50_000;
const maxNewcomers = 10_000;
/** A visitor, one that it has written with or has blocked, and a last name: measured, rounded up. */
const [visitorBytes, otherBytes, nameBytes] = [800, 100, 300];

/** The embedded index: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryConversationIndex implements ConversationIndex {
  private readonly holdings = new LRUCache<VisitorId, Holding>({
    max: maxVisitors,
    dispose: ({ lastAt, blocked }) =>
      this.bytes.free(visitorBytes + otherBytes * (lastAt.size + blocked.size)),
  });
  private readonly names = new LRUCache<VisitorId, string>({
    max: maxVisitors,
    onInsert: (_name, _visitor, reason) => reason === "add" && this.bytes.add(nameBytes),
    dispose: (_name, _visitor, reason) => reason !== "set" && this.bytes.free(nameBytes),
  });
  private arrived: VisitorId[] = [];
  private dropped = 0;

  constructor(private readonly bytes = new ByteCount()) {}

  async named(visitor: VisitorId, name: string): Promise<void> {
    this.checkSpace();
    this.names.set(visitor, name);
  }

  async nameOf(visitor: VisitorId): Promise<string | undefined> {
    return this.names.get(visitor);
  }

  async relation(visitor: VisitorId, partner: VisitorId): Promise<Relation> {
    const [own, other] = [this.holdings.get(visitor), this.holdings.get(partner)];
    return {
      lists: isListed(own?.lastAt.get(partner)),
      hasBlocked: own?.blocked.has(partner) ?? false,
      partner: {
        name: this.names.get(partner),
        lists: isListed(other?.lastAt.get(visitor)),
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

  async spoke(one: VisitorId, other: VisitorId, at: number): Promise<void> {
    this.checkSpace();
    this.raise(one, other, at);
    this.raise(other, one, at);
  }

  async ended(visitor: VisitorId, { partner, lastEntryAt }: Correspondence): Promise<void> {
    const lastAt = this.holdings.get(visitor)?.lastAt;
    if (lastAt?.get(partner) === lastEntryAt && lastAt.delete(partner)) this.bytes.free(otherBytes);
  }

  async list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<Correspondences> {
    const holding = this.holdings.get(visitor);
    const listed = [...(holding?.lastAt ?? [])].filter(([, at]) => isListed(at));
    const wanted = partners && new Set(partners);
    const chosen = wanted
      ? listed.filter(([partner]) => wanted.has(partner))
      : listed.sort(newestFirst).slice(0, maxListedConversations);
    return {
      version: String(holding?.version ?? 0),
      found: chosen.map(([partner, lastEntryAt]) => ({
        partner,
        name: this.names.get(partner),
        lastEntryAt,
        hasBlocked: this.holdings.get(partner)?.blocked.has(visitor) ?? false,
      })),
    };
  }

  async settings(visitor: VisitorId): Promise<Settings> {
    const { refuses = false, blocked = [] } = this.holdings.get(visitor) ?? {};
    return { refuses, blocked: [...blocked] };
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    if (refuses) this.checkSpace();
    this.holdingOf(visitor).refuses = refuses;
  }

  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<void> {
    const { blocked } = this.holdingOf(visitor);
    const before = blocked.size;
    if (!isBlocked) blocked.delete(other);
    else if (!blocked.has(other)) {
      if (before >= maxBlocked) throw new ChatError("forbidden");
      this.checkSpace();
      blocked.add(other);
    }
    this.bytes.add(otherBytes * (blocked.size - before));
  }

  async acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]> {
    const lastAt = this.holdings.get(visitor)?.lastAt ?? [];
    return [...lastAt].map(([partner, at]) => ({ partner, lists: isListed(at) }));
  }

  async touch(visitors: readonly VisitorId[]): Promise<void> {
    for (const visitor of visitors) this.holdingOf(visitor).version += 1;
  }

  async versions(visitors: readonly VisitorId[]): Promise<string[]> {
    return visitors.map((visitor) => String(this.holdings.get(visitor)?.version ?? 0));
  }

  async forget(visitor: VisitorId): Promise<void> {
    this.holdings.delete(visitor);
    this.names.delete(visitor);
  }

  async newcomers(after?: string): Promise<Newcomers> {
    const start = after === undefined ? this.arrived.length : Math.max(0, Number(after) - this.dropped);
    const visitors = [...new Set(this.arrived.slice(start))];
    return { upTo: String(this.dropped + this.arrived.length), visitors };
  }

  private raise(visitor: VisitorId, partner: VisitorId, at: number): void {
    const holding = this.holdingOf(visitor);
    const { lastAt } = holding;
    const before = lastAt.get(partner);
    const size = lastAt.size;
    lastAt.set(partner, Math.max(at, before ?? 0));
    if (lastAt.size > maxAcquaintances) lastAt.delete([...lastAt].sort(newestFirst).at(-1)?.[0] ?? "");
    this.bytes.add(otherBytes * (lastAt.size - size));
    if (isListed(at)) holding.version += 1;
    if (isListed(at) && !isListed(before)) this.arrive(visitor);
  }

  private checkSpace(): void {
    if (this.bytes.isFull) throw new ChatError("storage_full");
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
    const holding = { lastAt: new Map(), blocked: new Set<VisitorId>(), refuses: false, version: 0 };
    this.holdings.set(visitor, holding);
    this.bytes.add(visitorBytes);
    return holding;
  }
}

const isListed = (at: number | undefined): boolean => at !== undefined && at > 0;

const newestFirst = ([one, at]: [VisitorId, number], [other, otherAt]: [VisitorId, number]): number =>
  otherAt - at || (one < other ? 1 : -1);
