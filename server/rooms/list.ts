import type { LRUCache } from "lru-cache";
import type { ListedRoom, RoomId, VisitorId } from "../../protocol/events";
import { lobbyId, maxListedRooms } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { RoomSummary } from "../broker/rooms";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isIndexed } from "./ids";
import { asSeenBy, indexedRoomOf, isListable, rankOf } from "./ranking";
import { type Correction, crowdOf, type RankedRoom, type RoomIndex } from "./room-index";

/** How old a list may be, except for rooms closed, which disappear at once. */
const keptMs = 1_000;
/** How far a rank in the index may be off before it is corrected. */
const patienceMs = 60_000;
/** How many rooms of posts are always listed: those of the newest posts. */
const mostPosts = maxListedRooms / 2 - 1;

export type RoomListOptions = {
  broker: Broker;
  roomIndex: RoomIndex;
  /** The rooms of posts, the newest post's first. */
  posts: readonly RoomId[];
  /** Whether rooms that visitors have made are listed. */
  hasVisitorRooms: boolean;
  clock: Clock;
  logger: Logger;
};
/** How many visitors' own lists are kept, of those whose messages are withheld. */
const mostOwnLists = 1_000;
/** The same rooms twice: as they are listed, and with the fields that are not told; `own`: visitors' own lists of them. */
type Read = {
  rooms: ListedRoom[];
  summaries: RoomSummary[];
  own: LRUCache<VisitorId, Promise<ListedRoom[]>>;
};
type RoomsOf = (visitor: VisitorId) => Promise<readonly RoomId[]>;
type ListRead = { version: string; read: Promise<Read> };
type KeptList = Read & { version: string; readAt: number };

/**
 * C-8: the public, open rooms. The index says where to look, the broker what exists: a room that has ended is not
 * shown even if the index has it, and is then removed from the index.
 */
export class RoomList {
  private kept: KeptList | undefined;
  private reading: ListRead | undefined;

  constructor(private readonly options: RoomListOptions) {}

  /**
   * At most `maxListedRooms`, in the order of `rankOf`. The lobby and the rooms of posts are always listed. One half of the
   * others has the most members, the rest talked last: so busy rooms do not push out full ones, nor full rooms busy ones.
   * Throws ChatError("unavailable").
   */
  async rooms(): Promise<ListedRoom[]> {
    return (await this.list()).rooms;
  }

  /**
   * The same for a visitor whose messages are withheld: as if they were not (O-4), with those of the rooms it was in
   * (`roomsOf`) that would be listed then. It is kept as long as the list of all: asking again must take this visitor no longer
   * than any other. Throws as `rooms` does.
   */
  async roomsFor(visitor: VisitorId, roomsOf: RoomsOf): Promise<ListedRoom[]> {
    const list = await this.list();
    const kept = list.own.get(visitor);
    if (kept !== undefined) return kept;
    const reading = this.readFor(visitor, list, roomsOf);
    list.own.set(visitor, reading);
    reading.catch(() => list.own.delete(visitor));
    return reading;
  }

  /** Only a room that the visitor was in can look different to it. */
  private async readFor(visitor: VisitorId, { summaries }: Read, roomsOf: RoomsOf): Promise<ListedRoom[]> {
    const { broker, hasVisitorRooms } = this.options;
    const visited = new Set(await roomsOf(visitor));
    const listed = new Set(summaries.map(({ id }) => id));
    const others = hasVisitorRooms ? [...visited].filter((id) => isIndexed(id) && !listed.has(id)) : [];
    const asked = [...[...listed].filter((id) => visited.has(id)), ...others.slice(0, maxListedRooms)];
    const views = await broker.rooms.ownViews(asked, visitor);
    const viewOf = new Map(asked.map((id, index) => [id, views[index]]));
    const spoken = others.filter((id) => viewOf.get(id) !== undefined);
    const more = await broker.rooms.summaries(spoken);
    const unlisted = more.filter((summary) => summary !== undefined);
    const seen = (room: RoomSummary) => asSeenBy(room, viewOf.get(room.id));
    return [...summaries.map(seen), ...unlisted.map(seen).filter(isListable)]
      .sort(highestFirst)
      .slice(0, maxListedRooms)
      .map(toListed);
  }

  private async list(): Promise<Read> {
    // Ask for the version before reading: a room made or closed by now is in the list, or changes the version again.
    const version = await this.options.roomIndex.version();
    const { kept } = this;
    if (kept?.version === version && this.options.clock.now() - kept.readAt < keptMs) return kept;
    const reading = this.reading?.version === version ? this.reading : this.begin(version);
    return reading.read;
  }

  /** Requests that come meanwhile wait for the same reading. */
  private begin(version: string): ListRead {
    const readAt = this.options.clock.now();
    const reading: ListRead = { version, read: this.read() };
    this.reading = reading;
    const ended = () => {
      if (this.reading === reading) this.reading = undefined;
    };
    reading.read.then((read) => {
      this.kept = { ...read, version, readAt };
      ended();
    }, ended);
    return reading;
  }

  private async read(): Promise<Read> {
    const { broker, roomIndex, posts, hasVisitorRooms } = this.options;
    const index = hasVisitorRooms ? await roomIndex.read() : { active: [], crowded: [] };
    const own = [lobbyId, ...posts.slice(0, mostPosts)];
    const ids = [...new Set([...own, ...[...index.crowded, ...index.active].map(({ room }) => room)])];
    const summaries = await broker.rooms.summaries(ids);
    const found = new Map(ids.map((id, position) => [id, summaries[position]]));
    this.correctIndex(index, found);
    const listed = (rooms: readonly RoomId[]) => rooms.map((room) => found.get(room)).filter(isListable);
    const free = maxListedRooms - listed(own).length;
    const crowded = listed(index.crowded.map(({ room }) => room)).sort(
      (one, other) => crowdIn(other) - crowdIn(one),
    );
    const active = listed(index.active.map(({ room }) => room)).sort(
      (one, other) => talkIn(other) - talkIn(one),
    );
    const others = [...new Set([...crowded.slice(0, free / 2), ...active, ...crowded])];
    const chosen = [...listed(own), ...others.filter(({ id }) => !own.includes(id)).slice(0, free)];
    const ranked = chosen.sort(highestFirst);
    return { summaries: ranked, rooms: ranked.map(toListed), own: boundedMap(mostOwnLists) };
  }

  /** Runs in the background: a correction that fails is found again next time. */
  private correctIndex(
    { active, crowded }: { active: RankedRoom[]; crowded: RankedRoom[] },
    found: ReadonlyMap<RoomId, RoomSummary | undefined>,
  ): void {
    const corrections = {
      active: active.flatMap((ranked) => {
        const truly = indexedRoomOf(found.get(ranked.room))?.activeAt;
        return isNear(ranked.rank, truly) ? [] : [{ ranked, truly }];
      }),
      crowded: crowded.flatMap((ranked): Correction[] => {
        const indexed = indexedRoomOf(found.get(ranked.room));
        const truly = indexed && indexed.people > 0 ? crowdOf(indexed) : undefined;
        return isNear(ranked.rank * 1_000, truly && truly * 1_000) ? [] : [{ ranked, truly }];
      }),
    };
    if (corrections.active.length + corrections.crowded.length === 0) return;
    this.options.roomIndex.correct(corrections).catch((error: unknown) => {
      this.options.logger.debug({ err: error }, "could not correct the index of rooms");
    });
  }
}

const isNear = (rank: number, truly: number | undefined): boolean =>
  truly !== undefined && Math.abs(rank - truly) < patienceMs;

const crowdIn = (room: RoomSummary): number => crowdOf(indexedRoomOf(room) ?? { activeAt: 0, people: 0 });
const talkIn = (room: RoomSummary): number => indexedRoomOf(room)?.activeAt ?? 0;

const highestFirst = (one: RoomSummary, other: RoomSummary): number =>
  rankOf(other) - rankOf(one) || one.id.localeCompare(other.id);

/** The public part of a summary. */
export const toListed = ({
  repliedAt: _,
  askedBy: __,
  sharedRoom: ___,
  head: ____,
  ...room
}: RoomSummary): ListedRoom => room;
