import type { Entry, RoomId } from "../../protocol/events";
import type { BrokerRooms } from "../broker/rooms";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isIndexed } from "./ids";
import { indexedRoomOf } from "./ranking";
import type { RoomIndex } from "./room-index";

/** How often the index is told which rooms were active, all at once and never once for each message. */
const writeEveryMs = 1_000;
/** How many rooms are told at once; in a flood of rooms the others wait for the next second. */
const toldAtOnce = 500;

type ActivityOptions = {
  broker: { rooms: Pick<BrokerRooms, "summaries"> };
  roomIndex: RoomIndex;
  clock: Clock;
  logger: Logger;
};

/**
 * Tells the index how active the rooms are to which this replica delivers entries. A room without a second speaker has
 * no entry there, so rooms that strangers would not enter cost the index nothing.
 */
export class Activity {
  private heard = new Set<RoomId>();
  private telling: Promise<void> = Promise.resolve();
  private readonly stop: () => void;

  constructor(private readonly options: ActivityOptions) {
    this.stop = options.clock.every(writeEveryMs, () => void this.write());
  }

  appended(room: RoomId, entries: Entry[]): void {
    if (entries.length > 0 && isIndexed(room)) this.heard.add(room);
  }

  /** Tells the index about the rooms that are left. */
  async close(): Promise<void> {
    this.stop();
    for (let left = Number.POSITIVE_INFINITY; this.heard.size > 0 && this.heard.size < left; ) {
      left = this.heard.size;
      await this.write();
    }
  }

  private write(): Promise<void> {
    // One after another: an older update that is late must not overwrite a newer one.
    this.telling = this.telling.then(() => this.tellOnce());
    return this.telling;
  }

  private async tellOnce(): Promise<void> {
    if (this.heard.size === 0) return;
    const { broker, roomIndex, logger } = this.options;
    const heard = [...this.heard];
    const told = heard.slice(0, toldAtOnce);
    this.heard = new Set(heard.slice(toldAtOnce));
    try {
      const summaries = await broker.rooms.summaries(told);
      await roomIndex.heard(summaries.map(indexedRoomOf).filter((indexed) => indexed !== undefined));
    } catch (error) {
      logger.debug({ err: error }, "could not write active rooms into the index; trying again");
      this.heard = new Set([...told, ...this.heard]);
    }
  }
}
