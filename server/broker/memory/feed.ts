import type { Entry, MessageEntry, Receipt, RoomId, VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { Clock } from "../../lib/clock";
import { type Rate, takeOf } from "../../lib/rate";
import {
  type BrokerFeed,
  type FeedLimits,
  type FeedListener,
  type Following,
  type Page,
  type Posting,
  type Range,
  waitsForAnswer,
  withLeeway,
} from "../feed";
import type { ConnectionId } from "../membership";
import { Typists } from "../typists";
import type { MemoryRoom } from "./room";
import type { MemberRecord } from "./room-members";
import type { MemoryRooms } from "./rooms";

/**
 * The feeds of the embedded broker's rooms. Every method is one step: nothing in it waits between its first look at a
 * room and its last change.
 */
export class MemoryFeed implements BrokerFeed {
  constructor(
    private readonly rooms: MemoryRooms,
    private readonly clock: Clock,
    readonly limits: FeedLimits,
  ) {}

  async publish(id: RoomId, connection: ConnectionId, posting: Posting, pace?: Rate): Promise<Receipt> {
    const room = this.rooms.opened(id);
    const { entries, members, unread } = room;
    const record = members.inside(connection);
    const { member } = record;
    const { clientMessageId, text, replyTo, since, role, isWithheld = false } = posting;
    const first = entries.receiptOf(member.id, clientMessageId);
    if (first !== undefined) {
      await this.rooms.kept();
      return first;
    }
    const { epoch } = entries.cursor;
    const isTooOld = since !== undefined && (since.epoch !== epoch || since.seq + 1 < entries.firstKept);
    if (isTooOld) throw new ChatError("expired");
    if (room.askedBy === member.id && entries.talk.lastMessage)
      throw new ChatError("forbidden", waitsForAnswer);
    room.checkSpace();
    this.spendPace(record, pace);
    room.spendBudget();
    members.setRole(record, role);
    const reply = replyTo === undefined ? {} : { replyTo };
    const receipt = room.append<MessageEntry>({
      kind: "message",
      by: record.member,
      text,
      clientMessageId,
      ...reply,
      ...(isWithheld && { withheldOf: member.id }),
    });
    members.names.spoke(member.id);
    if (!isWithheld) unread.messageSent(member.id, receipt.seq, entries.firstKept);
    await this.rooms.kept();
    return receipt;
  }

  async remove(id: RoomId, connection: ConnectionId, seq: number): Promise<void> {
    const room = this.rooms.opened(id);
    const visitor = room.members.inside(connection).member.id;
    const author = authorOf(room, seq);
    if (author !== visitor && room.fields.owner !== visitor) throw new ChatError("forbidden");
    room.removeMessage(seq);
    await this.rooms.kept();
  }

  async removeAny(id: RoomId, seq: number): Promise<void> {
    await this.rooms.readable();
    const room = this.rooms.opened(id);
    authorOf(room, seq);
    room.removeMessage(seq);
    await this.rooms.kept();
  }

  async publishWithheld(id: RoomId, seq: number): Promise<Receipt> {
    await this.rooms.readable();
    const room = this.rooms.opened(id);
    room.checkSpace();
    room.entries.makeReady();
    room.crowdNotices.writeDue();
    const receipt = room.entries.publishWithheld(seq);
    if (receipt === undefined) throw new ChatError("bad_request", "There is no such message.");
    await this.rooms.kept();
    return receipt;
  }

  async removeAllOf(id: RoomId, visitor: VisitorId): Promise<number> {
    await this.rooms.readable();
    const room = this.rooms.opened(id);
    room.entries.makeReady();
    room.crowdNotices.writeDue();
    const removed = room.entries.removals.removeAllOf(visitor);
    for (const seq of removed) room.unread.removed(seq);
    await this.rooms.kept();
    return removed.length;
  }

  async read(id: RoomId, range: Range): Promise<Page> {
    await this.rooms.readable();
    const { entries, fields: room } = this.rooms.known(id);
    const page = { ...entries.read(range), isClosed: room.closed };
    await this.rooms.kept();
    return page;
  }

  async follow(id: RoomId, listener: FeedListener): Promise<Following> {
    await this.rooms.readable();
    const room = this.rooms.known(id);
    const { entries } = room;
    if (entries.follower.isFollowing) throw new Error(`room ${id} is followed already`);
    // A room that has lost entries begins its new epoch now.
    entries.makeReady();
    const typists = new Typists(this.clock, (members) => listener.typing(members));
    const heard = {
      appended(epoch: string, appended: Entry[]) {
        listener.appended(epoch, appended);
        typists.hear(appended);
      },
    };
    const unfollow = entries.follower.start(heard);
    room.typists = typists;
    await this.rooms.kept();
    return {
      get cursor() {
        return entries.toldCursor;
      },
      reach: async () => this.rooms.kept(),
      async stop() {
        typists.stop();
        if (unfollow()) room.typists = undefined;
      },
    };
  }

  /** Throws ChatError("rate_limited") while the author writes too much in this room. */
  private spendPace(record: MemberRecord, pace: Rate | undefined): void {
    if (pace === undefined) return;
    // Each rate has its own bucket: debt from the slower newcomer rate does not carry over.
    const busyUntil = record.paceOf === pace.perSecond ? record.busyUntil : 0;
    const { fullAt, waitMs } = takeOf(withLeeway(pace), busyUntil, this.clock.now());
    if (fullAt === undefined) throw new ChatError("rate_limited", undefined, waitMs);
    record.busyUntil = fullAt;
    record.paceOf = pace.perSecond;
  }
}

/** Throws ChatError("bad_request"). */
function authorOf({ entries }: MemoryRoom, seq: number): VisitorId {
  const author = entries.authorOf(seq);
  if (author === undefined) throw new ChatError("bad_request", "There is no such message.");
  return author;
}
