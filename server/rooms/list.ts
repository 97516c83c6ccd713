import type { ListedRoom, RoomId } from "../../protocol/events";
import { lobbyId, maxListedRooms } from "../../protocol/limits";
import type { Broker, RoomLook } from "../broker/broker";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isListable, rankOf, standingOf } from "./ranking";
import { crowdOf, type Directory, type Finding, type Place } from "./room-index";

/** How old a list may be, except for rooms closed, which disappear at once. */
const keptMs = 1_000;
/** How far a rank in the index may be off before it is corrected. */
const patienceMs = 60_000;
/** How many rooms of posts are always listed: those of the newest posts. */
const mostPosts = maxListedRooms / 2 - 1;

export type RoomListOptions = {
  broker: Broker;
  directory: Directory;
  /** The rooms of posts, the newest post's first. */
  posts: readonly RoomId[];
  /** Whether rooms that visitors have made are listed. */
  hasVisitorRooms: boolean;
  clock: Clock;
  logger: Logger;
};
type Reading = { version: string; rooms: Promise<ListedRoom[]> };
type Kept = { version: string; readAt: number; rooms: ListedRoom[] };

/**
 * C-8: the public, open rooms. The index says where to look, the broker what is there: a room that has ended is not
 * shown even if the index has it, and is then removed from the index.
 */
export class RoomList {
  private kept: Kept | undefined;
  private reading: Reading | undefined;

  constructor(private readonly options: RoomListOptions) {}

  /**
   * At most `maxListedRooms`, in the order of `rankOf`. The lobby and the rooms of posts are always listed. One half of the
   * others has the most members, the rest talked last: so busy rooms do not push out full ones, nor full rooms busy ones.
   * Throws ChatError("unavailable").
   */
  async rooms(): Promise<ListedRoom[]> {
    // Ask for the version before reading: a room made or closed by now is in the list, or changes the version again.
    const version = await this.options.directory.version();
    const { kept } = this;
    if (kept?.version === version && this.options.clock.now() - kept.readAt < keptMs) return kept.rooms;
    const reading = this.reading?.version === version ? this.reading : this.begin(version);
    return reading.rooms;
  }

  /** Requests that come meanwhile wait for the same reading. */
  private begin(version: string): Reading {
    const readAt = this.options.clock.now();
    const reading: Reading = { version, rooms: this.read() };
    this.reading = reading;
    const ended = () => {
      if (this.reading === reading) this.reading = undefined;
    };
    reading.rooms.then((rooms) => {
      this.kept = { version, readAt, rooms };
      ended();
    }, ended);
    return reading;
  }

  private async read(): Promise<ListedRoom[]> {
    const { broker, directory, posts, hasVisitorRooms } = this.options;
    const index = hasVisitorRooms ? await directory.read() : { active: [], crowded: [] };
    const own = [lobbyId, ...posts.slice(0, mostPosts)];
    const ids = [...new Set([...own, ...[...index.crowded, ...index.active].map(({ room }) => room)])];
    const looks = await broker.look(ids);
    const found = new Map(ids.map((id, place) => [id, looks[place]]));
    this.setRight(index, found);
    const listed = (rooms: readonly RoomId[]) => rooms.map((room) => found.get(room)).filter(isListable);
    const places = maxListedRooms - listed(own).length;
    const crowded = listed(index.crowded.map(({ room }) => room)).sort(
      (one, other) => crowdIn(other) - crowdIn(one),
    );
    const active = listed(index.active.map(({ room }) => room)).sort(
      (one, other) => talkIn(other) - talkIn(one),
    );
    const others = [...new Set([...crowded.slice(0, places / 2), ...active, ...crowded])];
    const chosen = [...listed(own), ...others.filter(({ id }) => !own.includes(id)).slice(0, places)];
    return chosen.sort(highestFirst).map(toListed);
  }

  /** Runs in the background: a correction that fails is found again next time. */
  private setRight(
    { active, crowded }: { active: Place[]; crowded: Place[] },
    found: ReadonlyMap<RoomId, RoomLook | undefined>,
  ): void {
    const findings = {
      active: active.flatMap((place) => {
        const truly = standingOf(found.get(place.room))?.activeAt;
        return isNear(place.rank, truly) ? [] : [{ place, truly }];
      }),
      crowded: crowded.flatMap((place): Finding[] => {
        const standing = standingOf(found.get(place.room));
        const truly = standing && standing.people > 0 ? crowdOf(standing) : undefined;
        return isNear(place.rank * 1_000, truly && truly * 1_000) ? [] : [{ place, truly }];
      }),
    };
    if (findings.active.length + findings.crowded.length === 0) return;
    this.options.directory.correct(findings).catch((error: unknown) => {
      this.options.logger.debug({ err: error }, "could not correct the index of rooms");
    });
  }
}

const isNear = (rank: number, truly: number | undefined): boolean =>
  truly !== undefined && Math.abs(rank - truly) < patienceMs;

const crowdIn = (room: RoomLook): number => crowdOf(standingOf(room) ?? { activeAt: 0, people: 0 });
const talkIn = (room: RoomLook): number => standingOf(room)?.activeAt ?? 0;

const highestFirst = (one: RoomLook, other: RoomLook): number =>
  rankOf(other) - rankOf(one) || one.id.localeCompare(other.id);

/** The public part of a room's look. */
const toListed = ({ talkAt: _, askedBy: __, met: ___, ...room }: RoomLook): ListedRoom => room;
