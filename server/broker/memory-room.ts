import { LRUCache } from "lru-cache";
import type {
  Member,
  NoticeEntry,
  Receipt,
  RenameEntry,
  Room,
  RoomId,
  VisitorId,
} from "../../protocol/events";
import { maxListedMembers } from "../../protocol/limits";
import { pairOf } from "../chat/direct-rooms";
import { ChatError } from "../chat/errors";
import {
  type Arrival,
  type ConnectionId,
  type Draft,
  type Entrance,
  keptNameMs,
  type NameClaim,
  type NameIn,
  type RoomLook,
  waitsForAnswer,
} from "./broker";
import { type Keeping, MemoryFeed } from "./memory-feed";
import { MemoryUnread } from "./memory-unread";
import type { Typists } from "./typists";

/** Of a conversation: who asks for it until the other one comes, and the public room in which the two were ("" for none). */
export type Acquaintance = { askedBy: VisitorId | undefined; met: RoomId | "" };

type MemberRecord = { member: Member; skeleton: string; connections: Set<ConnectionId> };

/** Names of visitors that have left, the least recent forgotten first: a bound on memory. */
const maxKeptNames = 10_000;
/** An empty room, a member with its name and connection, and a kept name: measured, rounded up. */
const [roomBytes, memberBytes, connectionBytes, keptNameBytes] = [6_000, 1_000, 150, 300];

/** One room of the embedded broker. Every method is one step, because nothing in it waits. */
export class MemoryRoom {
  readonly feed: MemoryFeed;
  /** While the room is followed. */
  typists: Typists | undefined;
  readonly unread: MemoryUnread;
  private readonly members = new Map<VisitorId, MemberRecord>();
  private readonly visitors = new Map<ConnectionId, VisitorId>();
  private readonly holders = new Map<string, VisitorId>();
  /** By `maxSize`, since `max` takes up its memory at once, in each room. */
  private readonly keptNames = new LRUCache<VisitorId, NameClaim & { at: number }>({
    maxSize: maxKeptNames,
    sizeCalculation: () => 1,
    onInsert: (_claim, _visitor, reason) => reason === "add" && this.count(keptNameBytes),
    dispose: (_claim, _visitor, reason) => reason !== "set" && this.count(-keptNameBytes),
  });
  /** Of all that is kept here, but for the feed. */
  private bytes = 0;

  constructor(
    public room: Readonly<Room>,
    epoch: string,
    private readonly keeping: Keeping,
    private readonly acquaintance: Acquaintance = { askedBy: undefined, met: "" },
  ) {
    this.count(roomBytes);
    this.feed = new MemoryFeed(epoch, room.createdAt, keeping);
    this.unread = new MemoryUnread(pairOf(room.id) ?? []);
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  get listed(): RoomLook {
    const { lastEntryAt, lastMessage, talkAt } = this.feed;
    const { askedBy, met } = this.acquaintance;
    return {
      ...this.room,
      memberCount: this.members.size,
      lastEntryAt,
      ...(lastMessage && { lastMessage }),
      ...(talkAt !== undefined && { talkAt }),
      ...(askedBy && { askedBy }),
      ...(this.room.kind === "direct" && { met }),
    };
  }

  nameOf(visitor: VisitorId): NameIn | undefined {
    const now = this.keeping.now();
    const present = this.members.get(visitor);
    if (present) return { name: present.member.name, at: now, isMember: true };
    const kept = this.keptNames.peek(visitor);
    const isKnown = kept !== undefined && kept.at > now - keptNameMs;
    return isKnown ? { name: kept.name, at: kept.at, isMember: false } : undefined;
  }

  accept(visitor: VisitorId, met: RoomId | ""): boolean {
    const { askedBy } = this.acquaintance;
    const wasAsked = askedBy !== undefined && askedBy !== visitor;
    Object.assign(this.acquaintance, { met, ...(wasAsked && { askedBy: undefined }) });
    return wasAsked;
  }

  unreadOf(reader: VisitorId): number {
    return this.unread.count(reader, this.feed.firstKept);
  }

  enter({ connection, visitor, names, wanted, isReturn = false }: Arrival): Entrance {
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

  rename({ connection, visitor, names, wanted }: Arrival): Member {
    const record = this.recordOf(connection);
    if (record?.member.id !== visitor) throw new ChatError("not_joined");
    const isFree = ({ skeleton }: NameClaim) => !this.holders.has(skeleton);
    const isOwn = ({ skeleton }: NameClaim) => skeleton === record.skeleton;
    const claim =
      wanted === undefined ? names.find(isFree) : [wanted].find((name) => isFree(name) || isOwn(name));
    if (claim === undefined) throw new ChatError("name_taken");
    const was = record.member.name;
    if (claim.name === was) return record.member;
    this.checkSpace();
    this.holders.delete(record.skeleton);
    this.take(record, claim);
    this.feed.append<RenameEntry>({ kind: "rename", by: record.member, was });
    return record.member;
  }

  leave(connection: ConnectionId): void {
    const record = this.recordOf(connection);
    if (this.visitors.delete(connection)) this.count(-connectionBytes);
    if (record === undefined) return;
    record.connections.delete(connection);
    if (record.connections.size > 0) return;
    this.members.delete(record.member.id);
    this.count(-memberBytes);
    this.holders.delete(record.skeleton);
    this.feed.append<NoticeEntry>({ kind: "leave", by: record.member });
  }

  publish(connection: ConnectionId, { clientMessageId, text, replyTo, since }: Draft): Receipt {
    const { member } = this.inside(connection);
    const first = this.feed.receiptOf(member.id, clientMessageId);
    if (first !== undefined) return first;
    const { epoch } = this.feed.cursor;
    const isTooOld = since !== undefined && (since.epoch !== epoch || since.seq + 1 < this.feed.firstKept);
    if (isTooOld) throw new ChatError("expired");
    const { askedBy } = this.acquaintance;
    if (askedBy === member.id && this.feed.lastMessage) throw new ChatError("forbidden", waitsForAnswer);
    this.checkSpace();
    const reply = replyTo === undefined ? {} : { replyTo };
    const receipt = this.feed.append({ kind: "message", by: member, text, clientMessageId, ...reply });
    this.unread.wrote(member.id, receipt.seq, this.feed.firstKept);
    return receipt;
  }

  remove(connection: ConnectionId, seq: number): void {
    const { id } = this.inside(connection).member;
    const author = this.feed.authorOf(seq);
    if (author === undefined) throw new ChatError("bad_request", "There is no such message.");
    if (author !== id && this.room.owner !== id) throw new ChatError("forbidden");
    this.feed.remove(seq);
    this.unread.removed(seq);
  }

  close(connection: ConnectionId): void {
    const { member } = this.inside(connection);
    if (this.room.owner !== member.id) throw new ChatError("forbidden");
    this.room = { ...this.room, closed: true };
    this.count(-this.members.size * memberBytes - this.visitors.size * connectionBytes);
    for (const held of [this.members, this.visitors, this.holders]) held.clear();
    this.feed.append<NoticeEntry>({ kind: "closed", by: member });
  }

  forget(visitor: VisitorId): void {
    const { owner, ...ownerless } = this.room;
    if (owner === visitor) this.room = ownerless;
    for (const connection of this.members.get(visitor)?.connections ?? []) this.leave(connection);
    this.feed.forget(visitor);
    this.unread.clear();
    this.keptNames.delete(visitor);
  }

  setTyping(connection: ConnectionId, isTyping: boolean): void {
    const { member } = this.inside(connection);
    this.typists?.set(member, isTyping);
  }

  /** To be called when the room is no more. */
  drop(): void {
    this.count(-this.bytes);
    this.feed.drop();
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.keeping.bytes.add(bytes);
  }

  private checkSpace(): void {
    if (this.keeping.bytes.isFull) throw new ChatError("storage_full");
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
    const kept = this.keptNames.get(visitor);
    const suitable = wanted === undefined ? [...(kept === undefined ? [] : [kept]), ...names] : [wanted];
    const claim = suitable.find(({ skeleton }) => !this.holders.has(skeleton));
    if (claim === undefined) throw new ChatError("name_taken");
    const record = { member: { id: visitor, name: "" }, skeleton: "", connections: new Set<string>() };
    this.members.set(visitor, record);
    this.count(memberBytes);
    this.take(record, claim);
    this.feed.append<NoticeEntry>({ kind: "join", by: record.member });
    return record;
  }

  private take(record: MemberRecord, claim: NameClaim): void {
    const { id } = record.member;
    record.member = { id, name: claim.name };
    record.skeleton = claim.skeleton;
    this.holders.set(claim.skeleton, id);
    this.keptNames.set(id, { ...claim, at: this.keeping.now() });
  }
}
