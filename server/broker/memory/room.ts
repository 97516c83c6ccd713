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
import type { Journal } from "../../journal/journal";
import type { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import { takeOf } from "../../lib/rate";
import { pairOf } from "../direct-rooms";
import type { StoredEntry } from "../entry-json";
import type { FeedLimits } from "../feed";
import type { ConnectionId } from "../membership";
import type { NameIn, RoomSummary } from "../rooms";
import type { Typists } from "../typists";
import { MemoryCrowdNotices } from "./crowd-notices";
import { MemoryEntries } from "./entries";
import type { Unnumbered } from "./kept-entries";
import { RoomMembers } from "./room-members";
import { RoomPresence } from "./room-presence";
import { RoomRows } from "./room-rows";
import { newFeed } from "./saved-feed";
import type { ConversationOrigin, RoomRow, SavedRoom } from "./saved-room";
import { UnreadNumbers } from "./unread-numbers";

export type MemoryRoomOptions = FeedLimits & { bytes: ByteCount; clock: Clock; journal: Journal };

/** An empty room: measured, rounded up. */
const roomBytes = 6_000;

/** What the embedded broker keeps of one room, and the steps that several of its methods share. */
export class MemoryRoom {
  fields: Readonly<Room>;
  readonly entries: MemoryEntries;
  readonly members: RoomMembers;
  readonly presence: RoomPresence;
  readonly crowdNotices: MemoryCrowdNotices;
  readonly unread: UnreadNumbers;
  /** Set while the room is followed. */
  typists: Typists | undefined;
  /** Until when the entries taken so far keep the room busy (`FeedLimits.entryRate`). */
  private busyUntil = 0;
  /** Of everything kept here except the entries. */
  private bytes = 0;
  private readonly rows: RoomRows;
  private readonly origin: ConversationOrigin;

  private constructor(
    { fields, origin, feed, crowd, unread }: RoomRow,
    saved: Omit<SavedRoom, "room">,
    private readonly options: MemoryRoomOptions,
  ) {
    this.fields = fields;
    this.origin = origin;
    this.count(roomBytes);
    const { clock, journal } = options;
    const now = () => clock.now();
    this.rows = new RoomRows(journal, saved.number, () => this.text);
    const countsWithheld = fields.kind === "direct";
    this.entries = new MemoryEntries(feed, { ...options, now, countsWithheld }, this.rows);
    this.members = new RoomMembers(now, (bytes) => this.count(bytes), this.rows, saved);
    this.crowdNotices = new MemoryCrowdNotices(
      {
        clock,
        memberCount: () => this.members.size,
        makeReady: () => this.entries.makeReady(),
        append: (entry) => this.entries.append(entry),
        changed: () => this.changed(),
      },
      crowd,
    );
    const { members, entries, crowdNotices } = this;
    this.presence = new RoomPresence({ members, entries, crowdNotices });
    this.unread = new UnreadNumbers(pairOf(fields.id) ?? [], unread);
  }

  /** `number`: under which the journal keeps it; no other room has it. */
  static make(
    fields: Room,
    { epoch, number, origin }: { epoch: string; number: number; origin: ConversationOrigin },
    options: MemoryRoomOptions,
  ): MemoryRoom {
    const row = { fields, origin, feed: newFeed(epoch, fields.createdAt), unread: {} };
    const made = new MemoryRoom(row, { number, members: [], names: [], held: [] }, options);
    made.changed();
    return made;
  }

  /** The room of an earlier process: its members are there, without connections. */
  static restore(saved: SavedRoom, options: MemoryRoomOptions): MemoryRoom {
    const row = JSON.parse(saved.room) as RoomRow;
    const restored = new MemoryRoom(row, saved, options);
    if (row.crowd !== undefined) restored.moveCountedJoins(row.crowd.joins);
    return restored;
  }

  /** Call when the room itself or its unread numbers have changed: they are kept anew. */
  changed(): void {
    this.rows.changed();
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  get askedBy(): VisitorId | undefined {
    return this.origin.askedBy;
  }

  get summary(): RoomSummary {
    const { lastEntryAt, talk } = this.entries;
    const { lastMessage, repliedAt } = talk;
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

  /** F-0: entries that clients have may be missing here, and their numbers would be given again. */
  beginEpoch(epoch: string): void {
    this.entries.beginEpoch(epoch);
    this.changed();
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
    this.changed();
    return wasAsked;
  }

  close(connection: ConnectionId): void {
    const { member } = this.members.inside(connection);
    if (this.fields.owner !== member.id) throw new ChatError("forbidden");
    this.end(member);
  }

  retitle(title: string): void {
    this.fields = { ...this.fields, title };
    this.rows.replaced();
  }

  end(by: Member): void {
    this.entries.makeReady();
    this.crowdNotices.writeDue(true);
    this.fields = { ...this.fields, closed: true };
    this.members.clear();
    this.entries.append<NoticeEntry>({ kind: "closed", by });
  }

  removeMessage(seq: number): void {
    this.crowdNotices.writeDue();
    this.entries.removals.remove(seq);
    this.unread.removed(seq);
  }

  forget(visitor: VisitorId): void {
    this.entries.makeReady();
    const { owner, ...ownerless } = this.fields;
    if (owner === visitor) this.fields = ownerless;
    this.presence.leaveAll(visitor);
    this.crowdNotices.writeDue();
    this.entries.talk.forget(visitor);
    this.entries.removals.forget(visitor);
    this.unread.clear();
    this.members.names.forget(visitor);
    this.changed();
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

  /** Call when the room is no longer needed in memory. */
  drop(): void {
    this.crowdNotices.close();
    this.count(-this.bytes);
    this.entries.drop();
  }

  /** Call when the room has gone for good, and before `end`. */
  removeRows(): void {
    this.members.clear();
    this.members.names.removeRows();
    this.entries.removeRows();
    this.rows.removeRoom();
  }

  /** From the room's row into the members'. */
  private moveCountedJoins(visitors: readonly VisitorId[]): void {
    for (const visitor of visitors) {
      const record = this.members.of(visitor);
      if (record !== undefined) this.members.markJoinCounted(record);
    }
    if (visitors.length > 0) this.changed();
  }

  private get text(): string {
    const { fields, origin } = this;
    const crowd = this.crowdNotices.saved;
    const row: RoomRow = {
      fields,
      origin,
      feed: this.entries.saved,
      ...(crowd && { crowd: { ...crowd, joins: [] } }),
      unread: this.unread.saved,
    };
    return JSON.stringify(row);
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.options.bytes.add(bytes);
  }
}
