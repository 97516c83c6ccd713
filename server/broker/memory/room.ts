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
import type { ConnectionId, Entrance, MemberRequest } from "../membership";
import type { NameIn, RoomSummary } from "../rooms";
import type { Typists } from "../typists";
import { MemoryCrowdNotices } from "./crowd-notices";
import { MemoryFeed, type Unnumbered } from "./feed";
import { MemoryRoomNames } from "./room-names";
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

/** Bytes of an empty room, a member with its name, and a connection: measured, rounded up. */
const [roomBytes, memberBytes, connectionBytes] = [6_000, 1_000, 150];

/** One room of the embedded broker. Every method is one step, because nothing in it waits. */
export class MemoryRoom {
  readonly feed: MemoryFeed;
  /** Set while the room is followed. */
  typists: Typists | undefined;
  readonly unread: MemoryUnread;
  private readonly members = new Map<VisitorId, MemberRecord>();
  private readonly visitors = new Map<ConnectionId, VisitorId>();
  private readonly names: MemoryRoomNames;
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
    this.names = new MemoryRoomNames(now, (bytes) => this.count(bytes));
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
    const { lastEntryAt, lastMessage, repliedAt } = this.feed;
    const { askedBy, sharedRoom } = this.origin;
    return {
      ...this.room,
      memberCount: this.members.size,
      lastEntryAt,
      ...(lastMessage && { lastMessage }),
      ...(repliedAt !== undefined && { repliedAt }),
      ...(askedBy && { askedBy }),
      ...(this.room.kind === "direct" && { sharedRoom }),
    };
  }

  nameOf(visitor: VisitorId): NameIn | undefined {
    const present = this.members.get(visitor);
    if (present) return { name: present.member.name, at: this.options.clock.now(), isMember: true };
    const kept = this.names.keptFor(visitor);
    return kept && { ...kept, isMember: false };
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
    const isFree = ({ skeleton }: NameClaim) => this.names.isFree(skeleton, visitor);
    const isOwn = ({ skeleton }: NameClaim) => skeleton === record.skeleton;
    const claim =
      wanted === undefined ? names.find(isFree) : [wanted].find((name) => isFree(name) || isOwn(name));
    if (claim === undefined) throw new ChatError("name_taken");
    const was = record.member.name;
    if (claim.name === was) return record.member;
    this.checkSpace();
    this.spendBudget();
    if (claim.skeleton !== record.skeleton) this.holdName(record);
    this.names.release(record.skeleton);
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
    this.names.release(record.skeleton);
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
    this.names.spoke(member.id);
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
    for (const gone of [this.members, this.visitors, this.names]) gone.clear();
    this.feed.append<NoticeEntry>({ kind: "closed", by: member });
  }

  forget(visitor: VisitorId): void {
    const { owner, ...ownerless } = this.room;
    if (owner === visitor) this.room = ownerless;
    for (const connection of this.members.get(visitor)?.connections ?? []) this.leave(connection);
    this.crowdNotices.flush();
    this.feed.forget(visitor);
    this.unread.clear();
    this.names.forget(visitor);
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

  private holdName({ member, skeleton }: MemberRecord): void {
    this.names.hold(skeleton, member.id, this.feed.hasSpokenAs(member.id, member.name));
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
    const claim = this.names.choose(visitor, names, wanted);
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
    this.names.take(id, claim);
  }
}
