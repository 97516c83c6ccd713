import type { Room, RoomId } from "../../protocol/events";
import { maxListedRooms } from "../../protocol/limits";
import { recordKeys } from "../records/keys";
import { counterAt, listAt } from "../records/kinds";
import type { Records, Write } from "../records/records";
import { RoomSlots } from "./room-slots";
import { TitleClaims } from "./title-claims";

/** What ranks a room: when its visitors last talked, by the store's clock, and how many are there. */
export type IndexedRoom = { room: RoomId; activeAt: number; people: number };

/** A rank in the index: by time, in milliseconds, or by people (`crowdOf`). */
export type RankedRoom = { room: RoomId; rank: number };

/**
 * `active`: by time, the last active first, then the longest silent, no room twice. `crowded`: by people, fullest
 * first.
 */
export type Listing = { active: RankedRoom[]; crowded: RankedRoom[] };

/** The correct rank of a room that is in the index, or `undefined` when it must not be there. */
export type Correction = { ranked: RankedRoom; truly: number | undefined };
export type Corrections = { active: Correction[]; crowded: Correction[] };

/** A room's rank by people: more of them first, among equals the one whose visitors talked last. */
export const crowdOf = ({ people, activeAt }: Omit<IndexedRoom, "room">): number =>
  people * 10_000_000_000 + Math.floor(activeAt / 1_000);

/**
 * The index of public rooms, with their titles and the slots that visitors take up by making rooms.
 *
 * - It says only where to look: the rooms hold the truth, and the broker tells it (`BrokerRooms.summaries`). The index may lag
 *   behind the feeds, name a room that has gone, or lack an active one for a while; `heard` and `correct` mend it. No
 *   publish waits for it.
 * - All replicas read a write at once.
 * - No method costs more the more rooms there are; none walks over keys.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full. Each may be repeated.
 */
export class RoomIndex {
  readonly titles: TitleClaims;
  readonly slots: RoomSlots;

  constructor(private readonly records: Records) {
    this.titles = new TitleClaims(records);
    this.slots = new RoomSlots(records);
  }

  /** Takes when public rooms had their last entries, those that are not listed included. */
  async active(rooms: readonly RankedRoom[]): Promise<void> {
    if (rooms.length === 0) return;
    await this.records.write([
      recent.raise(...rooms.map(({ room, rank }): [string, number] => [room, rank])),
      recent.keepHighest(mostIndexed),
    ]);
  }

  /** The public rooms but the lobby with entries after a moment, the last active first; some may have ended. */
  async activeAfter(moment: number, most: number): Promise<RankedRoom[]> {
    const [rooms] = await this.records.read(recent.listed({ order: "highest", above: moment, most }));
    return rooms.map(rankedRoomOf);
  }

  /** Changes the version, because a post's room was made and lists read before are out of date. */
  async announce(): Promise<void> {
    await this.records.write([indexVersion.increment()]);
  }

  /** Call when the room was closed: it leaves the index at once, and its owner gets its slot back. */
  async closed({ id, owner }: Pick<Room, "id" | "owner">): Promise<void> {
    await this.records.write(
      [active.unlist(id), crowded.unlist(id), recent.unlist(id), indexVersion.increment()],
      {
        evenWhenFull: true,
      },
    );
    if (owner !== undefined) await this.slots.giveBack(owner, { open: [id], made: [] });
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
const recent = listAt(recordKeys.rooms.recent);
const indexVersion = counterAt(recordKeys.rooms.version);

const rankedRoomOf = ([room, rank]: [RoomId, number]): RankedRoom => ({ room, rank });

/** Twenty more than a list may have, so that rooms that have gone do not shorten it. */
export const newestRead = maxListedRooms + 20;
/** More than half a list, so that rooms that have emptied since do not displace others. */
export const fullestRead = maxListedRooms / 2 + 20;
/** Far more than a list has; a room that gives way returns when it is heard of. */
export const mostIndexed = 2_000;
/** Expired rooms are among the longest silent; each reading clears up to this many. */
export const oldestRead = 20;
