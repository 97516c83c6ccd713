import type { ListedRoom } from "../../protocol/events";
import { lobbyId, maxListedRooms } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { type Directory, emptyLagMs, type Finding, type Standing } from "../directory/directory";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";

/** A list is true to within so long, but for rooms made or closed: those are seen at once. */
const keptMs = 1_000;
/**
 * What stands in the index since less than this may be a room that is being made; and so far may its place lag behind
 * what is true before it is worth setting right.
 */
const patienceMs = 60_000;

type World = { broker: Broker; directory: Directory; clock: Clock; logger: Logger };
type Reading = { version: string; rooms: Promise<ListedRoom[]> };
type Kept = { version: string; readAt: number; rooms: ListedRoom[] };
type Found = { standing: Standing; room: ListedRoom | undefined };

/**
 * C-8: the public, open rooms. The index says where to look, the broker what is there; so a room that has ended is not
 * shown, whatever the index says, and leaves it by the way.
 */
export class RoomList {
  private kept: Kept | undefined;
  private reading: Reading | undefined;

  constructor(private readonly world: World) {}

  /**
   * The last active first, at most `maxListedRooms`, the lobby always among them. Of more than that, rooms with people or
   * talk stay before empty ones. Throws ChatError("unavailable").
   */
  async rooms(): Promise<ListedRoom[]> {
    // Asked before anything is read: whatever was made by now is in it, or changes it again.
    const version = await this.world.directory.version();
    const { kept } = this;
    if (kept?.version === version && this.world.clock.now() - kept.readAt < keptMs) return kept.rooms;
    const reading = this.reading?.version === version ? this.reading : this.begin(version);
    return reading.rooms;
  }

  /** Those who ask meanwhile wait for the same reading. */
  private begin(version: string): Reading {
    const readAt = this.world.clock.now();
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
    const { broker, directory } = this.world;
    const { now, standings } = await directory.read();
    const [lobby, ...looks] = await broker.look([lobbyId, ...standings.map(({ room }) => room)]);
    const found = standings.map((standing, index) => ({ standing, room: looks[index] }));
    this.setRight(found, now);
    const others = found.flatMap(({ room }) => (isListable(room) && room.id !== lobbyId ? [room] : []));
    const most = others.sort(highestFirst).slice(0, maxListedRooms - 1);
    return (lobby === undefined ? most : [...most, lobby]).sort(lastActiveFirst);
  }

  /** Nobody waits for it: what was found wrong now will be found again. */
  private setRight(found: Found[], now: number): void {
    const findings = found.flatMap((each) => correctionOf(each, now));
    if (findings.length === 0) return;
    this.world.directory.correct(findings).catch((error: unknown) => {
      this.world.logger.debug({ err: error }, "the index of rooms could not be set right");
    });
  }
}

const isListable = (room: ListedRoom | undefined): room is ListedRoom =>
  room !== undefined && room.kind === "public" && !room.closed;

const lastActiveFirst = (one: ListedRoom, other: ListedRoom): number =>
  other.lastEntryAt - one.lastEntryAt || one.id.localeCompare(other.id);

/** Where a room belongs in the index: an empty one behind those with people or talk. */
const rankOf = (room: ListedRoom): number =>
  room.lastEntryAt - (room.memberCount > 0 || room.lastMessage !== undefined ? 0 : emptyLagMs);

const highestFirst = (one: ListedRoom, other: ListedRoom): number =>
  rankOf(other) - rankOf(one) || one.id.localeCompare(other.id);

function correctionOf({ standing, room }: Found, now: number): Finding[] {
  const { activeAt } = standing;
  if (!isListable(room)) return isNew(activeAt, now) ? [] : [{ standing, activeAt: undefined }];
  const rank = rankOf(room);
  return Math.abs(rank - activeAt) < patienceMs ? [] : [{ standing, activeAt: rank }];
}

/** Whether it was enlisted, or heard of, just now. */
const isNew = (activeAt: number, now: number): boolean =>
  now - activeAt < patienceMs || Math.abs(now - emptyLagMs - activeAt) < patienceMs;
