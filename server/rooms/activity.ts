import type { Entry, RoomId } from "../../protocol/events";
import type { BrokerRooms, RoomSummary } from "../broker/rooms";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isIndexed } from "./ids";
import { indexedRoomOf } from "./ranking";
import type { RankedRoom, RoomIndex } from "./room-index";

/** How often the active rooms are written into the index, all at once and never once for each message. */
const writeEveryMs = 1_000;
/** How many rooms are written at once; in a flood of rooms the others wait for the next second. */
const writtenAtOnce = 500;

type ActivityOptions = {
  broker: { rooms: Pick<BrokerRooms, "summaries"> };
  roomIndex: RoomIndex;
  clock: Clock;
  logger: Logger;
};

/**
 * Writes into the index how active the rooms are to which this replica delivers entries. A room without a second
 * speaker is not listed there, so strangers do not see it; the owner and moderators do (O-11).
 */
export class Activity {
  private active = new Set<RoomId>();
  private writing: Promise<void> = Promise.resolve();
  private readonly stop: () => void;

  constructor(private readonly options: ActivityOptions) {
    this.stop = options.clock.every(writeEveryMs, () => void this.write());
  }

  appended(room: RoomId, entries: Entry[]): void {
    if (entries.length > 0 && isIndexed(room)) this.active.add(room);
  }

  /** Writes the rooms that are left. */
  async close(): Promise<void> {
    this.stop();
    for (let left = Number.POSITIVE_INFINITY; this.active.size > 0 && this.active.size < left; ) {
      left = this.active.size;
      await this.write();
    }
  }

  private write(): Promise<void> {
    // One after another: an older update that is late must not overwrite a newer one.
    this.writing = this.writing.then(() => this.writeOnce());
    return this.writing;
  }

  private async writeOnce(): Promise<void> {
    if (this.active.size === 0) return;
    const { broker, roomIndex, logger } = this.options;
    const active = [...this.active];
    const rooms = active.slice(0, writtenAtOnce);
    this.active = new Set(active.slice(writtenAtOnce));
    try {
      const summaries = await broker.rooms.summaries(rooms);
      await roomIndex.heard(summaries.map(indexedRoomOf).filter((indexed) => indexed !== undefined));
      await roomIndex.active(summaries.flatMap(openRoomOf));
    } catch (error) {
      logger.debug({ err: error }, "could not write active rooms into the index; trying again");
      this.active = new Set([...rooms, ...this.active]);
    }
  }
}

const openRoomOf = (room: RoomSummary | undefined): RankedRoom[] =>
  room === undefined || room.closed ? [] : [{ room: room.id, rank: room.lastEntryAt }];
