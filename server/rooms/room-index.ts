import type { Room, RoomId, VisitorId } from "../../protocol/events";
import { maxListedRooms } from "../../protocol/limits";
import { recordKeys } from "../records/keys";
import { counterAt, listAt, mapAt, storeTime } from "../records/kinds";
import type { Records, Write } from "../records/records";

/** What ranks a room: when its visitors last talked, by the store's clock, and how many are there. */
export type IndexedRoom = { room: RoomId; activeAt: number; people: number };

/** A place in the index: by time, in milliseconds, or by people (`crowdOf`). */
export type RankedRoom = { room: RoomId; rank: number };

/**
 * `active`: by time, the last active first, then the longest silent, no room twice. `crowded`: by people, fullest
 * first.
 */
export type Listing = { active: RankedRoom[]; crowded: RankedRoom[] };

/** The correct rank of a room that has a place in the index, or `undefined` when it must have none. */
export type Correction = { ranked: RankedRoom; truly: number | undefined };
export type Corrections = { active: Correction[]; crowded: Correction[] };

/** A room's rank by people: more of them first, among equals the one whose visitors talked last. */
export const crowdOf = ({ people, activeAt }: Omit<IndexedRoom, "room">): number =>
  people * 10_000_000_000 + Math.floor(activeAt / 1_000);

/** How many rooms of one visitor may be open at once, and how many it may make within `windowMs`. */
export type QuotaLimits = {
  open: number;
  made: number;
  windowMs: number;
  /** A place older than this stands for a creation that has ended, in success or failure. */
  confirmedAfterMs: number;
};

export type Reservation =
  | { is: "granted" }
  /** `held`: the settled places in use; the caller may check for each whether its room exists. */
  | { is: "refused"; over: "open" | "made"; occupiedBy: RoomId[]; retryAfterMs: number };

/**
 * A title by its skeleton, and the room that has it or is about to take it. `at`: when it was claimed or last
 * confirmed, by the store's clock.
 */
export type TitleClaim = { skeleton: string; room: RoomId; at: number };

/** `now` by the store's clock. */
export type TitleAnswer = { is: "granted" | "held"; claim: TitleClaim; now: number };

/**
 * How long a visitor's places are kept after it took the last one, so that those of a visitor that never returns
 * expire. Far longer than most rooms live; a visitor that keeps ten alive for so long without making another may make
 * ten more.
 */
const placesKeptMs = 400 * 86_400_000;
/** How long a visitor with too many open rooms waits; when it will close one is unknown. */
const openRetryMs = 60_000;

/**
 * The index of public rooms, their titles, and the places that visitors take up by making rooms.
 *
 * - It says only where to look: the rooms hold the truth, and the broker tells it (`Broker.summaries`). The index may lag
 *   behind the feeds, name a room that has gone, or lack an active one for a while; `heard` and `correct` mend it. No
 *   publish waits for it.
 * - All replicas read a write at once.
 * - No method costs more the more rooms there are; none walks over keys.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full. Each may be repeated.
 */
export class RoomIndex {
  constructor(private readonly records: Records) {}

  /**
   * Takes one of the visitor's places for a room that it is about to make, if one is free: one step over all replicas.
   * A room that already has a place takes no other, so a repeat costs nothing.
   */
  reserve(owner: VisitorId, room: RoomId, quota: QuotaLimits): Promise<Reservation> {
    const [open, made] = [openRooms(owner), madeRooms(owner)];
    return this.records.step(async (step) => {
      const all = { order: "lowest" } as const;
      const [now, opened, madeEver] = await step.read(storeTime, open.listed(all), made.listed(all));
      const madeLately = madeEver.filter(([, at]) => at > now - quota.windowMs);
      const refused = (over: "open" | "made", retryAfterMs: number): Reservation => {
        const settled = [...opened, ...madeLately].filter(([, at]) => at <= now - quota.confirmedAfterMs);
        return { is: "refused", over, occupiedBy: [...new Set(settled.map(([id]) => id))], retryAfterMs };
      };
      const isOpen = opened.some(([id]) => id === room);
      const isMade = madeLately.some(([id]) => id === room);
      if (!isOpen && opened.length >= quota.open) return refused("open", openRetryMs);
      if (!isMade && madeLately.length >= quota.made)
        return refused("made", Math.max(1, (madeLately[0]?.[1] ?? now) + quota.windowMs - now));
      await step.write([
        ...(isOpen ? [] : [open.score([room, now])]),
        ...(isMade ? [] : [made.score([room, now])]),
        open.keep(placesKeptMs),
        made.keep(quota.windowMs),
        made.dropBelow(now - quota.windowMs + 1),
      ]);
      return { is: "granted" };
    });
  }

  /** Gives places back: those among the open rooms, and those among the rooms made lately. */
  async giveBack(owner: VisitorId, { open, made }: { open: RoomId[]; made: RoomId[] }): Promise<void> {
    await this.records.write([
      ...(open.length > 0 ? [openRooms(owner).unlist(...open)] : []),
      ...(made.length > 0 ? [madeRooms(owner).unlist(...made)] : []),
    ]);
  }

  /** The rooms for which the visitor has a place: those it made that may be open, and those it made lately. */
  async roomsOf(owner: VisitorId): Promise<RoomId[]> {
    const lists = [openRooms(owner), madeRooms(owner)];
    const places = await this.records.read(...lists.map((list) => list.listed({ order: "lowest" })));
    return [...new Set(places.flat().map(([room]) => room))];
  }

  /** Frees all of the visitor's places; the rooms stay. */
  async forget(owner: VisitorId): Promise<void> {
    await this.records.write([openRooms(owner).remove(), madeRooms(owner).remove()]);
  }

  /**
   * Claims a title for a room that is about to be made, unless another room has it: one step over all replicas. A room
   * that already has the title renews its claim. Returns the claim that then holds.
   */
  claimTitle(skeleton: string, room: RoomId): Promise<TitleAnswer> {
    return this.records.step(async (step) => {
      const [now, holder, [at = 0]] = await step.read(
        storeTime,
        titles.field(skeleton),
        titleTimes.scores(skeleton),
      );
      if (holder !== undefined && holder !== room)
        return { is: "held", claim: { skeleton, room: holder, at }, now };
      await step.write([titles.setField(skeleton, room), titleTimes.score([skeleton, now])]);
      return { is: "granted", claim: { skeleton, room, at: now }, now };
    });
  }

  /** The claims that were confirmed the longest ago, and the present time. */
  async oldestTitles(count: number): Promise<{ now: number; claims: TitleClaim[] }> {
    const [now, oldest] = await this.records.read(
      storeTime,
      titleTimes.listed({ order: "lowest", most: count }),
    );
    const rooms = await this.records.read(...oldest.map(([skeleton]) => titles.field(skeleton)));
    const claims = oldest.flatMap(([skeleton, at], index) => {
      const room = rooms[index];
      return room === undefined ? [] : [{ skeleton, room, at }];
    });
    return { now, claims };
  }

  /** Frees titles, and confirms others; each only if its claim has not changed since it was read. */
  settleTitles({ gone, there }: { gone: TitleClaim[]; there: TitleClaim[] }): Promise<void> {
    const claims = [...gone, ...there];
    return this.records.step(async (step) => {
      if (claims.length === 0) return;
      const skeletons = claims.map(({ skeleton }) => skeleton);
      const [now, times, ...rooms] = await step.read(
        storeTime,
        titleTimes.scores(...skeletons),
        ...skeletons.map((skeleton) => titles.field(skeleton)),
      );
      const held = new Map(skeletons.map((each, index) => [each, { room: rooms[index], at: times[index] }]));
      const isAsRead = ({ skeleton, room, at }: TitleClaim) =>
        held.get(skeleton)?.room === room && held.get(skeleton)?.at === at;
      const freed = new Set(gone.filter(isAsRead).map(({ skeleton }) => skeleton));
      const confirmed = new Set(there.filter(isAsRead).map(({ skeleton }) => skeleton));
      if (freed.size + confirmed.size === 0) return;
      await step.write(
        [
          ...(confirmed.size > 0
            ? [titleTimes.score(...[...confirmed].map((each): [string, number] => [each, now]))]
            : []),
          ...[...freed].map((skeleton) => titles.removeField(skeleton)),
          ...(freed.size > 0 ? [titleTimes.unlist(...freed)] : []),
        ],
        { evenWhenFull: true },
      );
    });
  }

  /** Changes the version, because a post's room was made and lists read before are out of date. */
  async announce(): Promise<void> {
    await this.records.write([indexVersion.increment()]);
  }

  /** Call when the room was closed: it leaves the index at once, and its owner gets its place back. */
  async closed({ id, owner }: Pick<Room, "id" | "owner">): Promise<void> {
    await this.records.write([active.unlist(id), crowded.unlist(id), indexVersion.increment()], {
      evenWhenFull: true,
    });
    if (owner !== undefined) await this.giveBack(owner, { open: [id], made: [] });
  }

  /** Takes how rooms stand; an older time changes nothing. The index keeps the first `mostIndexed` of each kind. */
  async heard(rooms: readonly IndexedRoom[]): Promise<void> {
    if (rooms.length === 0) return;
    const full = rooms.filter(({ people }) => people > 0);
    const empty = rooms.filter(({ people }) => people === 0);
    // By itself: a full store refuses the other write whole, and rooms that have emptied leave all the same.
    if (empty.length > 0) await this.records.write([crowded.unlist(...empty.map(({ room }) => room))]);
    await this.records.write([
      active.raise(...rooms.map(({ room, activeAt }): [string, number] => [room, activeAt])),
      ...(full.length > 0
        ? [crowded.score(...full.map((each): [string, number] => [each.room, crowdOf(each)]))]
        : []),
      active.keepHighest(mostIndexed),
      crowded.keepHighest(mostIndexed),
    ]);
  }

  /** Changes when a post's room is made or a room is closed: a small command for callers that keep a list briefly. */
  async version(): Promise<string> {
    return String((await this.records.read(indexVersion.count()))[0]);
  }

  /**
   * The `newestRead` most recently active rooms, the `oldestRead` that were silent the longest, and the `fullestRead`
   * fullest.
   */
  async read(): Promise<Listing> {
    const [newest, oldest, fullest] = await this.records.read(
      active.listed({ order: "highest", most: newestRead }),
      active.listed({ order: "lowest", most: oldestRead }),
      crowded.listed({ order: "highest", most: fullestRead }),
    );
    return {
      active: [...new Map([...newest, ...oldest])].map(rankedRoomOf),
      crowded: fullest.map(rankedRoomOf),
    };
  }

  /** Applies the corrections to the ranks that have not changed since they were read. */
  correct(corrections: Corrections): Promise<void> {
    const lists = [
      { list: active, corrections: corrections.active },
      { list: crowded, corrections: corrections.crowded },
    ].filter(({ corrections: { length } }) => length > 0);
    return this.records.step(async (step) => {
      const ranks = await step.read(
        ...lists.map(({ list, corrections }) => list.scores(...corrections.map(({ ranked }) => ranked.room))),
      );
      const writes = lists.flatMap(({ list, corrections }, which): Write[] => {
        const unchanged = corrections.filter(({ ranked }, index) => ranks[which]?.[index] === ranked.rank);
        const gone = unchanged.filter(({ truly }) => truly === undefined).map(({ ranked }) => ranked.room);
        const moved = unchanged.flatMap(({ ranked, truly }): [string, number][] =>
          truly === undefined ? [] : [[ranked.room, truly]],
        );
        return [
          ...(moved.length > 0 ? [list.score(...moved)] : []),
          ...(gone.length > 0 ? [list.unlist(...gone)] : []),
        ];
      });
      if (writes.length > 0) await step.write(writes, { evenWhenFull: true });
    });
  }
}

const active = listAt(recordKeys.rooms.active);
const crowded = listAt(recordKeys.rooms.crowded);
const indexVersion = counterAt(recordKeys.rooms.version);
const titles = mapAt(recordKeys.rooms.titles);
const titleTimes = listAt(recordKeys.rooms.titleTimes);
const openRooms = (owner: VisitorId) => listAt(recordKeys.openRooms(owner));
const madeRooms = (owner: VisitorId) => listAt(recordKeys.madeRooms(owner));

const rankedRoomOf = ([room, rank]: [RoomId, number]): RankedRoom => ({ room, rank });

/** Twenty more than a list may have, so that places of rooms that have gone do not shorten it. */
export const newestRead = maxListedRooms + 20;
/** More than half a list, so that rooms that have emptied since do not displace others. */
export const fullestRead = maxListedRooms / 2 + 20;
/** Far more than a list has; a room that gives way returns when it is heard of. */
export const mostIndexed = 2_000;
/** Expired rooms are among the longest silent; each reading clears up to this many. */
export const oldestRead = 20;
