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
import { ChatError, roomIsBusy, storeIsFull } from "../../errors";
import type { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import { takeOf } from "../../lib/rate";
import { pairOf } from "../direct-rooms";
import type { StoredEntry } from "../entry-json";
import type { FeedLimits } from "../feed";
import type { ConnectionId, MemberRequest } from "../membership";
import type { NameIn, RoomSummary } from "../rooms";
import type { Typists } from "../typists";
import { MemoryCrowdNotices } from "./crowd-notices";
import { MemoryEntries, type Unnumbered } from "./entries";
import { type MemberRecord, RoomMembers } from "./room-members";
import { UnreadNumbers } from "./unread-numbers";

/**
 * `askedBy`: requests the conversation until the partner comes. `sharedRoom`: a public room that both have visited, or
 * "".
 */
export type ConversationOrigin = { askedBy: VisitorId | undefined; sharedRoom: RoomId | "" };

export type MemoryRoomOptions = FeedLimits & { bytes: ByteCount; clock: Clock };

/** An empty room: measured, rounded up. */
const roomBytes = 6_000;

/** What the embedded broker keeps of one room, and the steps that several of its methods share. */
export class MemoryRoom {
  readonly entries: MemoryEntries;
  readonly members: RoomMembers;
  readonly crowdNotices: MemoryCrowdNotices;
  readonly unread: UnreadNumbers;
  /** Set while the room is followed. */
  typists: Typists | undefined;
  /** Until when the entries taken so far keep the room busy (`FeedLimits.entryRate`). */
  private busyUntil = 0;
  /** Of everything kept here except the entries. */
  private bytes = 0;

  constructor(
    public fields: Readonly<Room>,
    epoch: string,
    private readonly options: MemoryRoomOptions,
    private readonly origin: ConversationOrigin,
  ) {
    this.count(roomBytes);
    const { clock } = options;
    const now = () => clock.now();
    this.entries = new MemoryEntries(epoch, fields.createdAt, {
      ...options,
      now,
      countsWithheld: fields.kind === "direct",
    });
    this.members = new RoomMembers(now, (bytes) => this.count(bytes));
    this.crowdNotices = new MemoryCrowdNotices({
      clock,
      memberCount: () => this.members.size,
      append: (entry) => this.entries.append(entry),
    });
    this.unread = new UnreadNumbers(pairOf(fields.id) ?? []);
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  get askedBy(): VisitorId | undefined {
    return this.origin.askedBy;
  }

  get summary(): RoomSummary {
    const { lastEntryAt, lastMessage, repliedAt } = this.entries;
    const { askedBy, sharedRoom } = this.origin;
    return {
      ...this.fields,
      memberCount: this.members.size,
      lastEntryAt,
      ...(lastMessage && { lastMessage }),
      ...(repliedAt !== undefined && { repliedAt }),
      ...(askedBy && { askedBy }),
      ...(this.fields.kind === "direct" && { sharedRoom }),
      head: this.entries.cursor,
    };
  }

  nameOf(visitor: VisitorId): NameIn | undefined {
    const present = this.members.of(visitor);
    if (present) return { name: present.member.name, at: this.options.clock.now(), isMember: true };
    const kept = this.members.names.keptFor(visitor);
    return kept && { ...kept, isMember: false };
  }

  accept(visitor: VisitorId, sharedRoom: RoomId | ""): boolean {
    const { askedBy } = this.origin;
    const wasAsked = askedBy !== undefined && askedBy !== visitor;
    Object.assign(this.origin, { sharedRoom, ...(wasAsked && { askedBy: undefined }) });
    return wasAsked;
  }

  admit(request: MemberRequest): MemberRecord {
    const record = this.members.admit(request);
    this.crowdNotices.writeOrCount("join", record.member);
    return record;
  }

  leave(connection: ConnectionId): void {
    const record = this.members.disconnect(connection);
    if (record === undefined) return;
    this.holdName(record);
    this.members.remove(record);
    this.crowdNotices.writeOrCount("leave", record.member);
  }

  expel(visitor: VisitorId): void {
    for (const connection of this.members.of(visitor)?.connections ?? []) {
      this.leave(connection);
      this.members.keepOut(connection);
    }
  }

  close(connection: ConnectionId): void {
    const { member } = this.members.inside(connection);
    if (this.fields.owner !== member.id) throw new ChatError("forbidden");
    this.end(member);
  }

  end(by: Member): void {
    this.crowdNotices.writeDue(true);
    this.fields = { ...this.fields, closed: true };
    this.members.clear();
    this.entries.append<NoticeEntry>({ kind: "closed", by });
  }

  removeMessage(seq: number): void {
    this.crowdNotices.writeDue();
    this.entries.remove(seq);
    this.unread.removed(seq);
  }

  forget(visitor: VisitorId): void {
    const { owner, ...ownerless } = this.fields;
    if (owner === visitor) this.fields = ownerless;
    for (const connection of this.members.of(visitor)?.connections ?? []) this.leave(connection);
    this.crowdNotices.writeDue();
    this.entries.forget(visitor);
    this.unread.clear();
    this.members.names.forget(visitor);
  }

  append<E extends MessageEntry | RenameEntry>(
    entry: Unnumbered<E> & Pick<StoredEntry, "withheldOf">,
  ): Receipt {
    this.crowdNotices.writeDue();
    return this.entries.append<E>(entry);
  }

  /** Throws ChatError("storage_full"). */
  checkSpace(): void {
    if (this.options.bytes.isFull) throw storeIsFull();
  }

  /** Throws ChatError("rate_limited") while the room is busy. */
  spendBudget(): void {
    const { entryRate, clock } = this.options;
    if (entryRate === undefined) return;
    const { fullAt, waitMs } = takeOf(entryRate, this.busyUntil, clock.now());
    if (fullAt === undefined) throw roomIsBusy(waitMs);
    this.busyUntil = fullAt;
  }

  /** ID-3c. Call before the member gives up its name. */
  holdName({ member, skeleton }: MemberRecord): void {
    this.members.names.hold(skeleton, member.id, this.entries.hasSpokenAs(member.id, member.name));
  }

  /** Call when the room has gone. */
  drop(): void {
    this.crowdNotices.close();
    this.count(-this.bytes);
    this.entries.drop();
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.options.bytes.add(bytes);
  }
}
