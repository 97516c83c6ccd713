import type { Entry, VisitorId } from "../../../protocol/events";
import type { Journal } from "../../journal/journal";
import { keptNameMs, silentMs } from "../membership";
import { type Source, sourceIn, sourceOf } from "../receipts";
import type { DumpedRoom, RoomLine, RoomLoader } from "../room-dump";
import { bytesOfEntry, bytesOfSource } from "./entry-bytes";
import { type MemberRow, RoomRows } from "./room-rows";
import { newFeed, type SavedFeed } from "./saved-feed";
import type { RoomRow } from "./saved-room";

type Loading = {
  room: DumpedRoom;
  countedJoins: ReadonlySet<VisitorId>;
  rows: RoomRows;
  feed: SavedFeed;
  next: number | undefined;
  at: number;
};

/** Writes the rooms of a dump as rows of a journal. `flush` is awaited after each line. */
export class MemoryRoomLoader implements RoomLoader {
  private loading: Loading | undefined;
  private readonly rowsOf = new Map<string, RoomRows>();

  constructor(
    private readonly journal: Journal,
    private readonly flush: () => Promise<void>,
  ) {}

  async write(line: RoomLine): Promise<void> {
    if ("room" in line) this.begin(line.room);
    else if ("member" in line) this.addMember(line.member);
    else if ("entry" in line) this.addEntry(line.entry, line.receipt);
    else this.addName(line);
    await this.flush();
  }

  async finish(): Promise<void> {
    this.endRoom();
  }

  private begin(room: DumpedRoom): void {
    this.endRoom();
    const feed = { ...newFeed(room.epoch, room.lastEntryAt), head: room.head, first: room.head + 1 };
    const rows = new RoomRows(this.journal, this.rowsOf.size + 1, () => JSON.stringify(rowOf(room, feed)));
    this.rowsOf.set(room.id, rows);
    const countedJoins = new Set(room.countedJoins);
    this.loading = { room, countedJoins, rows, feed, next: undefined, at: room.createdAt };
  }

  private addMember(member: MemberRow): void {
    const isJoinCounted = this.loading?.countedJoins.has(member.id);
    this.loading?.rows.putMember({ ...member, ...(isJoinCounted && { isJoinCounted }) });
  }

  /** The row of the room is made last: it counts the entries. */
  private endRoom(): void {
    const { loading } = this;
    if (loading === undefined) return;
    if (loading.next !== undefined) this.fillUpTo(loading, loading.room.head + 1);
    loading.rows.changed();
    this.loading = undefined;
  }

  private addEntry(entry: Entry, receipt: string | undefined): void {
    const { loading } = this;
    if (loading === undefined) return;
    if (loading.next === undefined) loading.feed.first = entry.seq;
    else this.fillUpTo(loading, entry.seq);
    const source = receipt === undefined ? sourceIn(entry) : sourceOf(receipt);
    this.put(loading, entry, source, receipt !== undefined);
  }

  /** The other store may have lost entries; here their numbers follow one another. */
  private fillUpTo(loading: Loading, seq: number): void {
    for (let lost = loading.next ?? seq; lost < seq; lost += 1)
      this.put(loading, { seq: lost, at: loading.at, kind: "removed" }, undefined, false);
  }

  private put(loading: Loading, entry: Entry, source: Source | undefined, isRemoved: boolean): void {
    const { feed, rows } = loading;
    const json = JSON.stringify(entry);
    rows.putEntry(entry.seq, isRemoved ? JSON.stringify({ ...entry, source }) : json);
    feed.bytes += bytesOfEntry(entry) + (source === undefined ? 0 : bytesOfSource(source));
    const amount = source === undefined ? feed.notices : feed.messages;
    amount.number += 1;
    amount.bytes += Buffer.byteLength(json);
    loading.next = entry.seq + 1;
    loading.at = entry.at;
  }

  /** The room of a name may have lapsed since. */
  private addName(line: Extract<RoomLine, { keptName: unknown } | { heldName: unknown }>): void {
    if ("heldName" in line) {
      const { room, ...name } = line.heldName;
      this.rowsOf.get(room)?.putHeld(name);
      return;
    }
    const { room, ...name } = line.keptName;
    const at = name.until - (name.hasSpoken ? keptNameMs : silentMs);
    this.rowsOf.get(room)?.putName({ ...name, at });
  }
}

function rowOf(room: DumpedRoom, feed: SavedFeed): RoomRow {
  const { id, title, kind, createdAt, closed, owner, askedBy, sharedRoom = "" } = room;
  const { lastMessage, repliedAt, lastBy, ownViews, crowd, unread = {} } = room;
  return {
    fields: { id, title, kind, createdAt, closed, ...(owner !== undefined && { owner }) },
    origin: { askedBy, sharedRoom },
    feed: {
      ...feed,
      ...(lastMessage && { lastMessage: lastMessage.seq }),
      ...(repliedAt !== undefined && { repliedAt }),
      ...(lastBy !== undefined && { lastBy }),
      ...(ownViews && { ownViews }),
    },
    ...(crowd && { crowd: { ...crowd, joins: [] } }),
    unread,
  };
}
