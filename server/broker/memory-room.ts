import { LRUCache } from "lru-cache";
import type { Entry, ListedRoom, Member, NoticeEntry, Receipt, Room, VisitorId } from "../../protocol/events";
import { maxListedMembers } from "../../protocol/limits";
import { ChatError } from "../chat/errors";
import type { Arrival, ConnectionId, Draft, Entrance, FeedListener, NameClaim, Page, Range } from "./broker";

type Keeping = { historyLimit: number; now(): number };
type MemberRecord = { member: Member; skeleton: string; connections: Set<ConnectionId> };
type Unnumbered<E extends Entry> = E extends Entry ? Omit<E, "seq" | "at"> : never;

/** Names of visitors that have left, the least recent forgotten first: a bound on memory. */
const maxKeptNames = 10_000;

/** One room of the embedded broker. Every method is one step, because nothing in it waits. */
export class MemoryRoom {
  lastEntryAt: number;
  listener: FeedListener | undefined;
  private head = 0;
  private readonly entries: Entry[] = [];
  private readonly receipts = new Map<string, Receipt>();
  private readonly members = new Map<VisitorId, MemberRecord>();
  private readonly visitors = new Map<ConnectionId, VisitorId>();
  private readonly holders = new Map<string, VisitorId>();
  private readonly keptNames = new LRUCache<VisitorId, NameClaim>({ max: maxKeptNames });

  constructor(
    readonly room: Room,
    readonly epoch: string,
    private readonly keeping: Keeping,
  ) {
    this.lastEntryAt = room.createdAt;
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  get listed(): ListedRoom {
    return { ...this.room, memberCount: this.members.size, lastEntryAt: this.lastEntryAt };
  }

  enter({ connection, visitor, names, wanted }: Arrival): Entrance {
    const record = this.members.get(visitor) ?? this.admit(visitor, names, wanted);
    record.connections.add(connection);
    this.visitors.set(connection, visitor);
    const members = [...this.members.values()].slice(0, maxListedMembers).map(({ member }) => member);
    return {
      room: this.room,
      self: record.member,
      head: { epoch: this.epoch, seq: this.head },
      memberCount: this.members.size,
      members,
    };
  }

  leave(connection: ConnectionId): void {
    const visitor = this.visitors.get(connection);
    const record = visitor === undefined ? undefined : this.members.get(visitor);
    this.visitors.delete(connection);
    if (record === undefined) return;
    record.connections.delete(connection);
    if (record.connections.size > 0) return;
    this.members.delete(record.member.id);
    this.holders.delete(record.skeleton);
    this.append<NoticeEntry>({ kind: "leave", by: record.member });
  }

  publish(connection: ConnectionId, { clientMessageId, text, replyTo, since }: Draft): Receipt {
    const visitor = this.visitors.get(connection);
    const record = visitor === undefined ? undefined : this.members.get(visitor);
    if (record === undefined) throw new ChatError("not_joined");
    const first = this.receipts.get(receiptKey(record.member.id, clientMessageId));
    if (first !== undefined) return first;
    const isTooOld = since !== undefined && (since.epoch !== this.epoch || since.seq + 1 < this.firstKept);
    if (isTooOld) throw new ChatError("expired");
    const reply = replyTo === undefined ? {} : { replyTo };
    return this.append({ kind: "message", by: record.member, text, clientMessageId, ...reply });
  }

  read({
    after,
    before = Number.POSITIVE_INFINITY,
    limit,
    maxBytes = Number.POSITIVE_INFINITY,
  }: Range): Page {
    const start = after === undefined ? 0 : Math.max(0, after + 1 - this.firstKept);
    const end = Math.max(start, Math.min(this.entries.length, before - this.firstKept));
    const range = this.entries.slice(start, end);
    const limited = after === undefined ? range.slice(-limit) : range.slice(0, limit);
    const entries = withinBytes(limited, maxBytes, after === undefined);
    return { epoch: this.epoch, first: this.firstKept, head: this.head, entries };
  }

  get cursor() {
    return { epoch: this.epoch, seq: this.head };
  }

  private get firstKept(): number {
    return this.entries[0]?.seq ?? this.head + 1;
  }

  private admit(visitor: VisitorId, names: NameClaim[], wanted?: NameClaim): MemberRecord {
    const kept = this.keptNames.get(visitor);
    const suitable = wanted === undefined ? [...(kept === undefined ? [] : [kept]), ...names] : [wanted];
    const claim = suitable.find(({ skeleton }) => !this.holders.has(skeleton));
    if (claim === undefined) throw new ChatError("name_taken");
    const record = {
      member: { id: visitor, name: claim.name },
      skeleton: claim.skeleton,
      connections: new Set<string>(),
    };
    this.members.set(visitor, record);
    this.holders.set(claim.skeleton, visitor);
    this.keptNames.set(visitor, claim);
    this.append<NoticeEntry>({ kind: "join", by: record.member });
    return record;
  }

  private append<E extends Entry>(body: Unnumbered<E>): Receipt {
    this.head += 1;
    this.lastEntryAt = Math.max(this.lastEntryAt, this.keeping.now());
    const receipt = { seq: this.head, at: this.lastEntryAt };
    const entry = { ...receipt, ...body } as unknown as Entry;
    this.entries.push(entry);
    if (entry.kind === "message") this.receipts.set(receiptKey(entry.by.id, entry.clientMessageId), receipt);
    this.trim();
    this.listener?.appended(this.epoch, [entry]);
    return receipt;
  }

  /** Dedupe lives exactly as long as the message it stands for. */
  private trim(): void {
    const surplus = this.entries.length - this.keeping.historyLimit;
    if (surplus <= 0) return;
    for (const old of this.entries.splice(0, surplus))
      if (old.kind === "message") this.receipts.delete(receiptKey(old.by.id, old.clientMessageId));
  }
}

const receiptKey = (visitor: VisitorId, clientMessageId: string): string => `${visitor}:${clientMessageId}`;

/** The first is always given, however heavy; from the newest end when the page is the newest one. */
function withinBytes(entries: Entry[], maxBytes: number, isFromNewest: boolean): Entry[] {
  if (maxBytes === Number.POSITIVE_INFINITY) return entries;
  const ordered = isFromNewest ? [...entries].reverse() : entries;
  let bytes = 0;
  const fitting = ordered.filter((entry, index) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return index === 0 || bytes <= maxBytes;
  });
  return isFromNewest ? fitting.reverse() : fitting;
}
