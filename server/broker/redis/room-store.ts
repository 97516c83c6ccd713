import { nanoid } from "nanoid";
import type { Cursor, Receipt, Room, RoomId, VisitorId } from "../../../protocol/events";
import { forgottenName, lobbyId, maxListedMembers, maxUnread } from "../../../protocol/limits";
import { ChatError } from "../../errors";
import type { Rate } from "../../lib/rate";
import type { NameClaim } from "../../names/skeleton";
import type { Keys } from "../../redis/keys";
import type { Argument } from "../../redis/script";
import { toChatError } from "../../redis/store-error";
import type { Rewind } from "../broker";
import { pairOf } from "../direct-rooms";
import {
  type Draft,
  defaultHistoryBytes,
  type FeedLimits,
  type Page,
  type Range,
  waitsForAnswer,
  withLeeway,
} from "../feed";
import { type Entrance, keptNameMs, type MemberRequest } from "../membership";
import { closedRoomMs, type NewRoom } from "../rooms";

import {
  areVisitsWaiting,
  memberLine,
  messageTail,
  readEntry,
  readHead,
  readMember,
  readRoom,
} from "./codec";
import type { BrokerEvents } from "./events";
import type { RoomScriptCall, RoomScriptName, RunRoomScript } from "./room-scripts";

/** The store's mark: its count only grows, unless the store loses writes. */
export type Mark = { id: string; count: number };

type RoomStoreOptions = {
  runScript: RunRoomScript;
  keys: Keys;
  limits: FeedLimits;
  /** The rooms that this replica follows, and the last entry that it has delivered in each. */
  followers: ReadonlyMap<RoomId, { readonly cursor: Cursor }>;
  events: BrokerEvents;
};

const dayMs = 86_400_000;
const anyBytes = Number.MAX_SAFE_INTEGER;

/** Typed calls of one room's scripts. A connection key is `replica:connection`. Throws ChatError. */
export class RoomStore {
  constructor(private readonly options: RoomStoreOptions) {}

  async create({ id, title, kind, owner = "", askedBy = "", sharedRoom = "" }: NewRoom): Promise<Room> {
    return readRoom(
      await this.run("create", id, { args: { id, title, kind, owner, askedBy, met: sharedRoom } }),
    );
  }

  /** Returns whether the conversation was a request of the visitor's partner until now. */
  async accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean> {
    return (await this.run("accept", room, { args: { visitor, met: sharedRoom } })) === 1;
  }

  async enter(
    request: MemberRequest,
    connectionKey: string,
  ): Promise<{ entrance: Entrance; claim: NameClaim }> {
    const { room, isReturn = false } = request;
    const reply = await this.run(isReturn ? "enter-again" : "enter", room, {
      args: { ...this.namingOf(request, connectionKey), listed: maxListedMembers },
      keys: { keptName: this.options.keys.keptName(room, request.visitor) },
      more: claimsOf(request),
    });
    const [fields, line, skeleton, memberCount, members] = reply as [
      string[],
      string,
      string,
      number,
      string[],
    ];
    const self = readMember(line);
    if (areVisitsWaiting(fields)) this.options.events.emit("visitsWait", room);
    return {
      claim: { name: self.name, skeleton },
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
  async rename(request: MemberRequest, connectionKey: string): Promise<NameClaim> {
    const [line, skeleton] = (await this.run("rename", request.room, {
      args: { ...this.namingOf(request, connectionKey), ...this.roomBudget },
      keys: { keptName: this.options.keys.keptName(request.room, request.visitor) },
      more: claimsOf(request),
    })) as [string, string];
    return { name: readMember(line).name, skeleton };
  }

  /** A key that ends in a colon stands for every connection of that replica. */
  async leave(room: RoomId, connectionKeys: string[]): Promise<void> {
    const areWaiting = (await this.run("leave", room, { more: connectionKeys })) === 1;
    if (areWaiting) this.options.events.emit("visitsWait", room);
  }

  /** Tells counted visits that are due. Returns whether some still wait. */
  async tellVisits(room: RoomId): Promise<boolean> {
    return (await this.run("visits", room, {})) === 1;
  }

  async publish(
    room: RoomId,
    connectionKey: string,
    { clientMessageId, since, ...draft }: Draft,
    pace?: Rate,
  ): Promise<Receipt> {
    const [ownEachMs, ownBurstMs] = inMs(pace && withLeeway(pace));
    const receipt = this.run("publish", room, {
      args: {
        connection: connectionKey,
        clientMessageId,
        tail: messageTail({ ...draft, clientMessageId }),
        sinceEpoch: since?.epoch ?? "",
        sinceSeq: since?.seq ?? "",
        nameTtl: keptNameMs,
        ...this.roomBudget,
        ownEachMs,
        ownBurstMs,
        mostUnread: maxUnread,
      },
      moreKeys: this.unreadOf(room),
      more: pairOf(room) ?? [],
    }).catch((error: ChatError) => {
      throw error.code === "forbidden" ? new ChatError("forbidden", waitsForAnswer) : error;
    });
    const [seq, at] = (await receipt) as [number, number];
    return { seq, at };
  }

  async close(room: RoomId, connectionKey: string): Promise<void> {
    await this.run("close", room, { args: { connection: connectionKey, keptMs: closedRoomMs } });
  }

  async setTyping(room: RoomId, connectionKey: string, isTyping: boolean): Promise<void> {
    await this.run("typing", room, { args: { connection: connectionKey, isTyping: isTyping ? "1" : "0" } });
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    const nameless = memberLine({ id: visitor, name: forgottenName });
    const call = {
      args: { visitor, nameless, word: JSON.stringify(forgottenName) },
      keys: { keptName: this.options.keys.keptName(room, visitor) },
      moreKeys: this.unreadOf(room),
    };
    while ((await this.run("forget", room, call)) === 1);
  }

  async remove(room: RoomId, connectionKey: string, seq: number): Promise<void> {
    await this.run("remove", room, {
      args: { connection: connectionKey, seq },
      moreKeys: this.unreadOf(room),
    });
  }

  /** How many messages of its partner the reader has not read. */
  async unread(room: RoomId, reader: VisitorId): Promise<number> {
    return Number(
      await this.run("unread", room, { keys: { unread: this.options.keys.unread(room, reader) } }),
    );
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    const { after = "", before = "", limit, maxBytes = anyBytes } = range;
    const reply = await this.run("read", room, { args: { after, before, limit, maxBytes } });
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
    return (await this.run("rewind", room, { args: { epoch } })) as string;
  }

  /** Advances the mark, makes the lobby if it is missing, and tells whether the store has lost data since `seen`. */
  async mark(seen: Mark): Promise<Mark & { cause: Rewind | "" }> {
    const reply = await this.run("mark", lobbyId, {
      args: { seenId: seen.id, seenCount: seen.count, newId: nanoid(10) },
      keys: { mark: this.options.keys.mark },
    });
    const [id, count, cause] = reply as [string, number, Rewind | ""];
    return { id, count, cause };
  }

  private namingOf({ visitor, wanted }: MemberRequest, connectionKey: string) {
    return {
      connection: connectionKey,
      visitor,
      nameTtl: keptNameMs,
      isAskedFor: wanted === undefined ? "" : "1",
    };
  }

  /** How long one entry keeps the room busy, and how long a full burst does. */
  private get roomBudget() {
    const [roomEachMs, roomBurstMs] = inMs(this.options.limits.entryRate);
    return { roomEachMs, roomBurstMs };
  }

  /** In a conversation, the keys of what its two visitors have not read. */
  private unreadOf(room: RoomId): string[] {
    return (pairOf(room) ?? []).map((reader) => this.options.keys.unread(room, reader));
  }

  private async run<Name extends RoomScriptName>(
    name: Name,
    room: RoomId,
    call: RoomScriptCall<Name>,
  ): Promise<unknown> {
    const { runScript, keys, events } = this.options;
    try {
      return await runScript(name, keys.room(room), this.given(room), call);
    } catch (error) {
      const refusal = toChatError(error);
      if (refusal.code === "storage_full") events.emit("full");
      throw refusal;
    }
  }

  /** What every script gets; lua/room.lua says what it means. */
  private given(room: RoomId) {
    const { keys, limits, followers } = this.options;
    const seen = followers.get(room)?.cursor;
    return {
      channel: keys.feedChannel(room),
      limit: limits.historyLimit,
      ttl: limits.historyDays * dayMs,
      permanent: room === lobbyId ? room : "",
      newEpoch: nanoid(10),
      seenEpoch: seen?.epoch ?? "",
      seenSeq: seen?.seq ?? "",
      limitBytes: limits.historyBytes ?? defaultHistoryBytes,
    };
  }
}

/** How long one entry, and a full burst, keep their rate busy, in milliseconds; "" without a bound. */
const inMs = (rate: Rate | undefined): [Argument, Argument] =>
  rate === undefined ? ["", ""] : [1_000 / rate.perSecond, (1_000 * rate.burst) / rate.perSecond];

/** Pairs of skeleton and member as JSON, the most wanted first. */
const claimsOf = ({ visitor, names, wanted }: MemberRequest): string[] =>
  (wanted === undefined ? names : [wanted]).flatMap(({ name, skeleton }) => [
    skeleton,
    memberLine({ id: visitor, name }),
  ]);
