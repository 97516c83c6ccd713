import { nanoid } from "nanoid";
import type { Cursor, Receipt, Room, RoomId, VisitorId } from "../../../protocol/events";
import { forgottenName, lobbyId, maxListedMembers, maxUnread } from "../../../protocol/limits";
import { ChatError } from "../../errors";
import type { Rate } from "../../lib/rate";
import type { NameClaim } from "../../names/skeleton";
import type { Keys } from "../../redis/keys";
import type { RoomScripts } from "../../redis/scripts";
import { toChatError } from "../../redis/store-error";
import {
  type Arrival,
  closedRoomMs,
  type Draft,
  defaultHistoryBytes,
  type Entrance,
  type Keeping,
  keptNameMs,
  type NewRoom,
  type Page,
  type Range,
  type Rewind,
  waitsForAnswer,
  withLeeway,
} from "../broker";
import { pairOf } from "../direct-rooms";
import {
  areVisitsWaiting,
  memberLine,
  messageTail,
  readEntry,
  readHead,
  readMember,
  readRoom,
} from "./codec";

/** The store's mark: its count only grows, unless the store loses writes. */
export type Mark = { id: string; count: number };

type RoomStoreOptions = {
  scripts: RoomScripts;
  keys: Keys;
  keeping: Keeping;
  /** The last entry that this replica has delivered, if it follows the room. */
  delivered(room: RoomId): Cursor | undefined;
  /** Called when the store refuses a write because it is full. */
  overflowed?(): void;
  /** Called when counted visits of the room still wait to be told. */
  visitsWait(room: RoomId): void;
};

const dayMs = 86_400_000;
const anyBytes = Number.MAX_SAFE_INTEGER;

/** Typed calls of one room's scripts. `name` and `names` are connections as the store names them. Throws ChatError. */
export class RoomStore {
  constructor(private readonly options: RoomStoreOptions) {}

  async create({ id, title, kind, owner = "", askedBy = "", met = "" }: NewRoom): Promise<Room> {
    return readRoom(await this.run("create", id, [id, title, kind, owner, askedBy, met]));
  }

  /** Returns whether the conversation was a request of the visitor's partner until now. */
  async accept(room: RoomId, visitor: VisitorId, met: RoomId | ""): Promise<boolean> {
    return (await this.run("accept", room, [visitor, met])) === 1;
  }

  async enter(arrival: Arrival, name: string): Promise<{ entrance: Entrance; held: NameClaim }> {
    const { room, visitor, wanted, isReturn = false } = arrival;
    const reply = await this.run(
      isReturn ? "enter-again" : "enter",
      room,
      [name, visitor, maxListedMembers, keptNameMs, wanted === undefined ? "" : "1", ...claimsOf(arrival)],
      [this.options.keys.keptName(room, visitor)],
    );
    const [fields, line, skeleton, memberCount, members] = reply as [
      string[],
      string,
      string,
      number,
      string[],
    ];
    const self = readMember(line);
    if (areVisitsWaiting(fields)) this.options.visitsWait(room);
    return {
      held: { name: self.name, skeleton },
      entrance: {
        room: readRoom(fields),
        self,
        head: readHead(fields),
        memberCount,
        members: members.map(readMember),
      },
    };
  }

  /** Returns the visitor's name after the step. */
  async rename(asking: Arrival, name: string): Promise<NameClaim> {
    const { room, visitor, wanted } = asking;
    const [line, skeleton] = (await this.run(
      "rename",
      room,
      [name, visitor, keptNameMs, wanted === undefined ? "" : "1", ...this.budget, ...claimsOf(asking)],
      [this.options.keys.keptName(room, visitor)],
    )) as [string, string];
    return { name: readMember(line).name, skeleton };
  }

  /** A name that ends in a colon stands for every connection of that replica. */
  async leave(room: RoomId, names: string[]): Promise<void> {
    if ((await this.run("leave", room, names)) === 1) this.options.visitsWait(room);
  }

  /** Tells counted visits that are due. Returns whether some still wait. */
  async tellVisits(room: RoomId): Promise<boolean> {
    return (await this.run("visits", room, [])) === 1;
  }

  async publish(
    room: RoomId,
    name: string,
    { clientMessageId, since, ...draft }: Draft,
    pace?: Rate,
  ): Promise<Receipt> {
    const tail = messageTail({ ...draft, clientMessageId });
    const known = [since?.epoch ?? "", since?.seq ?? ""];
    const bounds = [keptNameMs, ...this.budget, ...inMs(pace && withLeeway(pace)), maxUnread];
    const args = [name, clientMessageId, tail, ...known, ...bounds, ...(pairOf(room) ?? [])];
    const receipt = this.run("publish", room, args, this.unreadOf(room)).catch((error: ChatError) => {
      throw error.code === "forbidden" ? new ChatError("forbidden", waitsForAnswer) : error;
    });
    const [seq, at] = (await receipt) as [number, number];
    return { seq, at };
  }

  async close(room: RoomId, name: string): Promise<void> {
    await this.run("close", room, [name, closedRoomMs]);
  }

  async setTyping(room: RoomId, name: string, isTyping: boolean): Promise<void> {
    await this.run("typing", room, [name, isTyping ? "1" : "0"]);
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    const args = [visitor, memberLine({ id: visitor, name: forgottenName }), JSON.stringify(forgottenName)];
    const keys = [this.options.keys.keptName(room, visitor), ...this.unreadOf(room)];
    while ((await this.run("forget", room, args, keys)) === 1);
  }

  async remove(room: RoomId, name: string, seq: number): Promise<void> {
    await this.run("remove", room, [name, seq], this.unreadOf(room));
  }

  /** How many messages of its partner the reader has not read. */
  async unread(room: RoomId, reader: VisitorId): Promise<number> {
    return Number(await this.run("unread", room, [], [this.options.keys.unread(room, reader)]));
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    const { after = "", before = "", limit, maxBytes = anyBytes } = range;
    const reply = await this.run("read", room, [after, before, limit, maxBytes]);
    const [epoch, rewoundFrom, first, head, lines, closed] = reply as [
      string,
      string,
      number,
      number,
      string[],
      string,
    ];
    const entries = lines.map(readEntry);
    if (range.after === undefined) entries.reverse();
    const isClosed = closed === "1";
    return { epoch, first, head, entries, isClosed, ...(rewoundFrom !== "" && { rewoundFrom }) };
  }

  /** Ends an epoch of which replicas delivered more than the store has; returns the present epoch. */
  async rewind(room: RoomId, epoch: string): Promise<string> {
    return (await this.run("rewind", room, [epoch])) as string;
  }

  /** Advances the mark, makes the lobby if it is missing, and tells whether the store has lost data since `seen`. */
  async mark(seen: Mark): Promise<Mark & { cause: Rewind | "" }> {
    const args = [seen.id, seen.count, nanoid(10)];
    const reply = await this.run("mark", lobbyId, args, [this.options.keys.mark]);
    const [id, count, cause] = reply as [string, number, Rewind | ""];
    return { id, count, cause };
  }

  /** How long one entry keeps the room busy, and how long a full burst does, in milliseconds. */
  private get budget(): (string | number)[] {
    return inMs(this.options.keeping.entryRate);
  }

  /** In a conversation, the keys of what its two visitors have not read. */
  private unreadOf(room: RoomId): string[] {
    return (pairOf(room) ?? []).map((reader) => this.options.keys.unread(room, reader));
  }

  private async run(script: keyof RoomScripts, room: RoomId, args: (string | number)[], keys: string[] = []) {
    const { scripts, keys: table, overflowed } = this.options;
    try {
      return await scripts[script]([...table.room(room), ...keys], [...this.common(room), ...args]);
    } catch (error) {
      const refusal = toChatError(error);
      if (refusal.code === "storage_full") overflowed?.();
      throw refusal;
    }
  }

  /** The first arguments of every script (server/redis/scripts/room.lua). */
  private common(room: RoomId): (string | number)[] {
    const { keys, keeping, delivered } = this.options;
    const seen = delivered(room);
    return [
      keys.feedChannel(room),
      keeping.historyLimit,
      keeping.historyDays * dayMs,
      room === lobbyId ? room : "",
      nanoid(10),
      seen?.epoch ?? "",
      seen?.seq ?? "",
      keeping.historyBytes ?? defaultHistoryBytes,
    ];
  }
}

const inMs = (rate: Rate | undefined): (string | number)[] =>
  rate === undefined ? ["", ""] : [1_000 / rate.perSecond, (1_000 * rate.burst) / rate.perSecond];

/** Pairs of skeleton and member as JSON, the most wanted first. */
const claimsOf = ({ visitor, names, wanted }: Arrival): string[] =>
  (wanted === undefined ? names : [wanted]).flatMap(({ name, skeleton }) => [
    skeleton,
    memberLine({ id: visitor, name }),
  ]);
