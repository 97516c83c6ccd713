import { LRUCache } from "lru-cache";
import type {
  Member,
  MessageEntry,
  NoticeEntry,
  Receipt,
  RenameEntry,
  Room,
  RoomId,
  VisitorId,
} from "../../../protocol/events";
import { maxListedMembers } from "../../../protocol/limits";
import { ChatError, roomIsBusy, storeIsFull } from "../../errors";
import type { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import { type Rate, takeOf } from "../../lib/rate";
import type { NameClaim } from "../../names/skeleton";
import { pairOf } from "../direct-rooms";
import { type Draft, type FeedLimits, waitsForAnswer, withLeeway } from "../feed";
import { type ConnectionId, type Entrance, keptNameMs, type MemberRequest, silentMs } from "../membership";
import type { NameIn, RoomSummary } from "../rooms";
import type { Typists } from "../typists";
import { MemoryCrowdNotices } from "./crowd-notices";
import { MemoryFeed, type Unnumbered } from "./feed";
import { MemoryHeldNames } from "./held-names";
import { MemoryUnread } from "./unread";

/** `askedBy`: requests the conversation until the partner comes. `sharedRoom`: a public room that both have visited, or "". */
export type ConversationOrigin = { askedBy: VisitorId | undefined; sharedRoom: RoomId | "" };

/** `busyUntil`: until when the member's own messages, at `paceOf` a second, count against its pace (`Broker.publish`). */
type MemberRecord = {
  member: Member;
  skeleton: string;
  connections: Set<ConnectionId>;
  busyUntil: number;
  paceOf: number;
};
/** `at`: when the visitor took the name or last wrote under it. */
type KeptName = NameClaim & { at: number; until: number; hasSpoken: boolean };

/** Names kept for visitors that return, the least recent forgotten first: a bound on memory. */
const maxKeptNames = 10_000;
/** Bytes of an empty room, a member with its name, a connection, and a kept name: measured, rounded up. */
const [roomBytes, memberBytes, connectionBytes, keptNameBytes] = [6_000, 1_000, 150, 300];

/** One room of the embedded broker. Every method is one step, because nothing in it waits. */
export class MemoryRoom {
  readonly feed: MemoryFeed;
  /** Set while the room is followed. */
  typists: Typists | undefined;
  readonly unread: MemoryUnread;
  private readonly members = new Map<VisitorId, MemberRecord>();
  private readonly visitors = new Map<ConnectionId, VisitorId>();
  private readonly holders = new Map<string, VisitorId>();
  /** Bounded by `maxSize`: `max` would allocate its memory up front, in each room. */
  private readonly keptNames = new LRUCache<VisitorId, KeptName>({
    maxSize: maxKeptNames,
    sizeCalculation: () => 1,
    onInsert: (_claim, _visitor, reason) => reason === "add" && this.count(keptNameBytes),
    dispose: (_claim, _visitor, reason) => reason !== "set" && this.count(-keptNameBytes),
  });
  private readonly heldNames: MemoryHeldNames;
  private readonly crowdNotices: MemoryCrowdNotices;
  /** Until when the entries taken so far keep the room busy (`FeedLimits.entryRate`). */
  private busyUntil = 0;
  /** Of everything kept here except the feed. */
  private bytes = 0;

  constructor(
    public room: Readonly<Room>,
    epoch: string,
    private readonly options: FeedLimits & { bytes: ByteCount; clock: Clock },
    private readonly origin: ConversationOrigin = { askedBy: undefined, sharedRoom: "" },
  ) {
    this.count(roomBytes);
    const { clock } = options;
    const now = () => clock.now();
    this.feed = new MemoryFeed(epoch, room.createdAt, { ...options, now });
    this.heldNames = new MemoryHeldNames(now, (bytes) => this.count(bytes));
    this.crowdNotices = new MemoryCrowdNotices({
      clock,
      memberCount: () => this.members.size,
      append: (entry) => this.feed.append(entry),
    });
    this.unread = new MemoryUnread(pairOf(room.id) ?? []);
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  get listed(): RoomSummary {
    const { lastEntryAt, lastMessage, talkAt } = this.feed;
    const { askedBy, sharedRoom } = this.origin;
    return {
      ...this.room,
      memberCount: this.members.size,
      lastEntryAt,
      ...(lastMessage && { lastMessage }),
      ...(talkAt !== undefined && { repliedAt: talkAt }),
      ...(askedBy && { askedBy }),
      ...(this.room.kind === "direct" && { sharedRoom }),
    };
  }

  nameOf(visitor: VisitorId): NameIn | undefined {
    const now = this.options.clock.now();
    const present = this.members.get(visitor);
    if (present) return { name: present.member.name, at: now, isMember: true };
    const kept = this.keptNames.peek(visitor);
    const isKnown = kept !== undefined && kept.until > now;
    return isKnown ? { name: kept.name, at: kept.at, isMember: false } : undefined;
  }

  accept(visitor: VisitorId, sharedRoom: RoomId | ""): boolean {
    const { askedBy } = this.origin;
    const wasAsked = askedBy !== undefined && askedBy !== visitor;
    Object.assign(this.origin, { sharedRoom, ...(wasAsked && { askedBy: undefined }) });
    return wasAsked;
  }

  unreadOf(reader: VisitorId): number {
    return this.unread.count(reader, this.feed.firstKept);
  }

  enter({ connection, visitor, names, wanted, isReturn = false }: MemberRequest): Entrance {
    if (!isReturn) this.checkSpace();
    const record = this.members.get(visitor) ?? this.admit(visitor, names, wanted);
    record.connections.add(connection);
    if (!this.visitors.has(connection)) this.count(connectionBytes);
    this.visitors.set(connection, visitor);
    const members = [...this.members.values()].slice(0, maxListedMembers).map(({ member }) => member);
    return {
      room: this.room,
      self: record.member,
      head: this.feed.cursor,
      memberCount: this.members.size,
      members,
    };
  }

  rename({ connection, visitor, names, wanted }: MemberRequest): Member {
    const record = this.recordOf(connection);
    if (record?.member.id !== visitor) throw new ChatError("not_joined");
    const isFree = ({ skeleton }: NameClaim) => this.isFree(skeleton, visitor);
    const isOwn = ({ skeleton }: NameClaim) => skeleton === record.skeleton;
    const claim =
      wanted === undefined ? names.find(isFree) : [wanted].find((name) => isFree(name) || isOwn(name));
    if (claim === undefined) throw new ChatError("name_taken");
    const was = record.member.name;
    if (claim.name === was) return record.member;
    this.checkSpace();
    this.spendBudget();
    if (claim.skeleton !== record.skeleton) this.holdName(record);
    this.holders.delete(record.skeleton);
    this.take(record, claim);
    this.append<RenameEntry>({ kind: "rename", by: record.member, was });
    return record.member;
  }

  leave(connection: ConnectionId): void {
    const record = this.recordOf(connection);
    if (this.visitors.delete(connection)) this.count(-connectionBytes);
    if (record === undefined) return;
    record.connections.delete(connection);
    if (record.connections.size > 0) return;
    this.holdName(record);
    this.members.delete(record.member.id);
    this.count(-memberBytes);
    this.holders.delete(record.skeleton);
    this.crowdNotices.announce("leave", record.member);
  }

  publish(connection: ConnectionId, { clientMessageId, text, replyTo, since }: Draft, pace?: Rate): Receipt {
    const record = this.inside(connection);
    const { member } = record;
    const first = this.feed.receiptOf(member.id, clientMessageId);
    if (first !== undefined) return first;
    const { epoch } = this.feed.cursor;
    const isTooOld = since !== undefined && (since.epoch !== epoch || since.seq + 1 < this.feed.firstKept);
    if (isTooOld) throw new ChatError("expired");
    const { askedBy } = this.origin;
    if (askedBy === member.id && this.feed.lastMessage) throw new ChatError("forbidden", waitsForAnswer);
    this.checkSpace();
    this.spendPace(record, pace);
    this.spendBudget();
    const reply = replyTo === undefined ? {} : { replyTo };
    const receipt = this.append<MessageEntry>({
      kind: "message",
      by: member,
      text,
      clientMessageId,
      ...reply,
    });
    const kept = this.keptNames.get(member.id);
    const now = this.options.clock.now();
    if (kept) this.keptNames.set(member.id, { ...kept, hasSpoken: true, at: now, until: now + keptNameMs });
    this.unread.messageSent(member.id, receipt.seq, this.feed.firstKept);
    return receipt;
  }

  remove(connection: ConnectionId, seq: number): void {
    const { id } = this.inside(connection).member;
    const author = this.feed.authorOf(seq);
    if (author === undefined) throw new ChatError("bad_request", "There is no such message.");
    if (author !== id && this.room.owner !== id) throw new ChatError("forbidden");
    this.crowdNotices.flush();
    this.feed.remove(seq);
    this.unread.removed(seq);
  }

  close(connection: ConnectionId): void {
    const { member } = this.inside(connection);
    if (this.room.owner !== member.id) throw new ChatError("forbidden");
    this.crowdNotices.flush(true);
    this.room = { ...this.room, closed: true };
    this.count(-this.members.size * memberBytes - this.visitors.size * connectionBytes);
    for (const held of [this.members, this.visitors, this.holders]) held.clear();
    this.feed.append<NoticeEntry>({ kind: "closed", by: member });
  }

  forget(visitor: VisitorId): void {
    const { owner, ...ownerless } = this.room;
    if (owner === visitor) this.room = ownerless;
    for (const connection of this.members.get(visitor)?.connections ?? []) this.leave(connection);
    this.crowdNotices.flush();
    this.feed.forget(visitor);
    this.unread.clear();
    this.keptNames.delete(visitor);
    this.heldNames.forget(visitor);
  }

  setTyping(connection: ConnectionId, isTyping: boolean): void {
    const { member } = this.inside(connection);
    this.typists?.set(member, isTyping);
  }

  /** Call when the room has gone. */
  end(): void {
    this.crowdNotices.close();
    this.count(-this.bytes);
    this.feed.drop();
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.options.bytes.add(bytes);
  }

  private checkSpace(): void {
    if (this.options.bytes.isFull) throw storeIsFull();
  }

  private append<E extends MessageEntry | RenameEntry>(entry: Unnumbered<E>): Receipt {
    this.crowdNotices.flush();
    return this.feed.append<E>(entry);
  }

  /** Throws ChatError("rate_limited") while the room is busy. */
  private spendBudget(): void {
    const { entryRate, clock } = this.options;
    if (entryRate === undefined) return;
    const { fullAt, waitMs } = takeOf(entryRate, this.busyUntil, clock.now());
    if (fullAt === undefined) throw roomIsBusy(waitMs);
    this.busyUntil = fullAt;
  }

  /** Throws ChatError("rate_limited") while its author writes too much here. */
  private spendPace(record: MemberRecord, pace: Rate | undefined): void {
    if (pace === undefined) return;
    // Each rate has its own bucket: debt from the slower newcomer rate does not carry over.
    const busyUntil = record.paceOf === pace.perSecond ? record.busyUntil : 0;
    const { fullAt, waitMs } = takeOf(withLeeway(pace), busyUntil, this.options.clock.now());
    if (fullAt === undefined) throw new ChatError("rate_limited", undefined, waitMs);
    record.busyUntil = fullAt;
    record.paceOf = pace.perSecond;
  }

  private isFree(skeleton: string, visitor: VisitorId): boolean {
    const holder = this.heldNames.holderOf(skeleton);
    return !this.holders.has(skeleton) && (holder === undefined || holder === visitor);
  }

  private holdName({ member, skeleton }: MemberRecord): void {
    const isHeld = this.heldNames.holderOf(skeleton) === member.id;
    if (isHeld || this.feed.hasSpokenAs(member.id, member.name)) this.heldNames.hold(skeleton, member.id);
  }

  private keptNameOf(visitor: VisitorId): KeptName | undefined {
    const kept = this.keptNames.get(visitor);
    return kept !== undefined && kept.until > this.options.clock.now() ? kept : undefined;
  }

  private recordOf(connection: ConnectionId): MemberRecord | undefined {
    const visitor = this.visitors.get(connection);
    return visitor === undefined ? undefined : this.members.get(visitor);
  }

  private inside(connection: ConnectionId): MemberRecord {
    const record = this.recordOf(connection);
    if (record === undefined) throw new ChatError("not_joined");
    return record;
  }

  private admit(visitor: VisitorId, names: NameClaim[], wanted?: NameClaim): MemberRecord {
    const kept = this.keptNameOf(visitor);
    const suitable = wanted === undefined ? [...(kept === undefined ? [] : [kept]), ...names] : [wanted];
    const claim = suitable.find(({ skeleton }) => this.isFree(skeleton, visitor));
    if (claim === undefined) throw new ChatError("name_taken");
    const record = {
      member: { id: visitor, name: "" },
      skeleton: "",
      connections: new Set<string>(),
      busyUntil: 0,
      paceOf: 0,
    };
    this.members.set(visitor, record);
    this.count(memberBytes);
    this.take(record, claim);
    this.crowdNotices.announce("join", record.member);
    return record;
  }

  private take(record: MemberRecord, claim: NameClaim): void {
    const { id } = record.member;
    record.member = { id, name: claim.name };
    record.skeleton = claim.skeleton;
    this.holders.set(claim.skeleton, id);
    const now = this.options.clock.now();
    const hasSpoken = this.keptNameOf(id)?.hasSpoken ?? false;
    const until = now + (hasSpoken ? keptNameMs : silentMs);
    this.keptNames.set(id, { ...claim, hasSpoken, at: now, until });
  }
}
