import type { Entry, VisitorId } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import type { BulkWriter } from "../../redis/bulk";
import type { Keys } from "../../redis/keys";
import { sourceIn, sourceOf } from "../receipts";
import type { DumpedRoom, RoomLine, RoomLoader } from "../room-dump";
import { closedRoomMs, type OwnView } from "../rooms";
import { AuthorBlocks, authorIn } from "./author-blocks";
import { memberLine } from "./codec";
import { connectionKeyOf } from "./presence/connection-key";
import { nameless } from "./room-dump";

const dayMs = 86_400_000;
/**
 * Members come with a store, and their connections do not: they are entered under a replica that has no lease. Those that
 * are not back when it is found dead leave then, once.
 */
const goneReplica = "moved";

type Loading = {
  room: DumpedRoom;
  keys: ReturnType<Keys["room"]>;
  authors: AuthorBlocks;
  first: number | undefined;
  bytes: { messages: number; notices: number };
  hasMembers: boolean;
};

/** Writes the rooms of a dump as the keys that the scripts of lua/ keep. */
export class RedisRoomLoader implements RoomLoader {
  private loading: Loading | undefined;

  constructor(
    private readonly writer: BulkWriter,
    private readonly keys: Keys,
    private readonly historyDays: number,
  ) {}

  async write(line: RoomLine): Promise<void> {
    if ("room" in line) this.begin(line.room);
    else if ("member" in line) this.addMember(line.member);
    else if ("entry" in line) this.addEntry(line.entry, line.receipt);
    else this.addName(line);
    await this.writer.flush();
  }

  async finish(): Promise<void> {
    this.endRoom();
    await this.writer.flush(true);
  }

  private begin(room: DumpedRoom): void {
    this.endRoom();
    const keys = this.keys.room(room.id);
    const authors = new AuthorBlocks((field, offsets) =>
      this.writer.add("HSET", keys.authors, field, offsets),
    );
    const bytes = { messages: 0, notices: 0 };
    this.loading = { room, keys, authors, first: undefined, bytes, hasMembers: false };
  }

  /** The room itself comes last: it counts the entries. */
  private endRoom(): void {
    const { loading, writer } = this;
    if (loading === undefined) return;
    this.loading = undefined;
    const { room, keys, authors, hasMembers } = loading;
    authors.finish();
    writer.add("HSET", keys.room, ...fieldsOf(loading));
    const { unread = {}, countedJoins = [] } = room;
    for (const [reader, numbers] of Object.entries(unread))
      writer.add("ZADD", this.keys.unread(room.id, reader), ...numbers.flatMap((seq) => [seq, seq]));
    if (countedJoins.length > 0) writer.add("SADD", keys.countedJoins, ...countedJoins);
    const lapsesAt = room.lastEntryAt + (room.closed ? closedRoomMs : this.historyDays * dayMs);
    const { feed, dedupe, amended, authors: index } = keys;
    const readers = Object.keys(unread).map((reader) => this.keys.unread(room.id, reader));
    for (const key of [keys.room, feed, dedupe, amended, index, keys.countedJoins, ...readers])
      writer.add("PEXPIREAT", key, lapsesAt);
    if (!hasMembers) return;
    writer.add("SADD", this.keys.roomsOf(goneReplica), room.id);
    writer.add("SADD", this.keys.replicas, goneReplica);
  }

  private addMember({ id, name, skeleton }: { id: VisitorId; name: string; skeleton: string }): void {
    const { loading, writer } = this;
    if (loading === undefined) return;
    const { keys } = loading;
    loading.hasMembers = true;
    writer.add("HSET", keys.members, id, memberLine({ id, name }));
    writer.add("HSET", keys.skeletons, id, skeleton);
    writer.add("HSET", keys.names, skeleton, id);
    writer.add("HSET", keys.connections, connectionKeyOf(goneReplica, id), id);
    writer.add("HSET", keys.counts, id, 1);
  }

  private addEntry(entry: Entry, receipt: string | undefined): void {
    const { loading, writer } = this;
    if (loading === undefined) return;
    const { keys, bytes, authors } = loading;
    const source = receipt === undefined ? sourceIn(entry) : sourceOf(receipt);
    const json = JSON.stringify(entry);
    writer.add("XADD", keys.feed, `${entry.seq}-0`, "e", json, "d", source?.receipt ?? "");
    if (source !== undefined) writer.add("HSET", keys.dedupe, source.receipt, `${entry.seq}:${entry.at}`);
    bytes[source === undefined ? "notices" : "messages"] += Buffer.byteLength(json);
    loading.first ??= entry.seq;
    const author = authorIn(entry, source);
    if (author !== undefined) authors.add(author, entry.seq);
  }

  private addName(line: Extract<RoomLine, { keptName: unknown } | { heldName: unknown }>): void {
    if ("keptName" in line) {
      const { room, visitor, name, skeleton, until } = line.keptName;
      const text = `${skeleton}\n${memberLine({ id: visitor, name })}`;
      this.writer.add("SET", this.keys.keptName(room, visitor), text, "PXAT", until);
      return;
    }
    const { room, visitor, skeleton, until } = line.heldName;
    const [held, list] = [this.keys.heldName(room, skeleton), this.keys.heldNames(room, visitor)];
    this.writer.add("SET", held, visitor, "PXAT", until);
    this.writer.add("SADD", list, skeleton);
    this.writer.add("PEXPIREAT", list, until);
  }
}

/** The fields of a room's hash, as server/redis/keys.ts names them. */
function fieldsOf({ room, first = room.head + 1, bytes }: Loading): (string | number)[] {
  const { head, lastMessage: said, crowd } = room;
  const fields: Record<string, string | number | undefined> = {
    ...{
      id: room.id,
      title: room.title,
      kind: room.kind,
      createdAt: room.createdAt,
      owner: room.owner ?? "",
    },
    ...{ closed: room.closed ? 1 : 0, epoch: room.epoch, seq: head, at: room.lastEntryAt },
    // As lua/totals.lua writes them.
    books: [first, head, bytes.messages, bytes.notices, room.lastEntryAt, first, 0, 0].join(" "),
    rewoundFrom: room.rewoundFrom,
    said: said && `${said.seq}:${said.epoch}`,
    talkAt: room.repliedAt,
    lastBy: room.lastBy === forgottenName ? nameless : room.lastBy,
    askedBy: room.askedBy,
    met: room.sharedRoom,
    visits: crowd && visitsOf(room.lastEntryAt, crowd),
  };
  const own = Object.entries(room.ownViews ?? {}).map(([visitor, view]) => [`own:${visitor}`, viewOf(view)]);
  const given = [...Object.entries(fields), ...own].filter(([, value]) => value !== undefined);
  return given.flat() as (string | number)[];
}

/** As lua/append.lua counts. */
const visitsOf = (since: number, { joined, left, gone }: NonNullable<DumpedRoom["crowd"]>): string =>
  `${since} ${joined} ${left} ${gone.map((id) => `"${id}"`).join(",")}`;

/** As lua/publish.lua notes it. */
const viewOf = ({ lastMessage: { epoch, seq }, repliedAt }: OwnView): string =>
  `${seq} ${epoch} ${repliedAt ?? ""}`;
