import type { Entry, RoomId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Directory } from "../directory/directory";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isIndexed } from "./room-ids";
import { standingOf } from "./room-standing";

/** What was heard in rooms is told to the index so often, all of it at once: never once for each message. */
const tellMs = 1_000;
/** In a flood of rooms the others wait for the next second. */
const toldAtOnce = 500;

type World = { broker: Pick<Broker, "look">; directory: Directory; clock: Clock; logger: Logger };

/**
 * Tells the index how the rooms stand in which something was appended, as this replica delivers it. A room in which nobody has
 * answered anybody has no place there, so that rooms which strangers would not enter cost the index nothing.
 */
export class Activity {
  private heard = new Set<RoomId>();
  private telling: Promise<void> = Promise.resolve();
  private readonly stop: () => void;

  constructor(private readonly world: World) {
    this.stop = world.clock.every(tellMs, () => void this.tell());
  }

  appended(room: RoomId, entries: Entry[]): void {
    if (entries.length > 0 && isIndexed(room)) this.heard.add(room);
  }

  /** Tells what is left. */
  async close(): Promise<void> {
    this.stop();
    for (let left = Number.POSITIVE_INFINITY; this.heard.size > 0 && this.heard.size < left; ) {
      left = this.heard.size;
      await this.tell();
    }
  }

  private tell(): Promise<void> {
    // One behind another: an older telling that failed must not come back over a newer one.
    this.telling = this.telling.then(() => this.tellOnce());
    return this.telling;
  }

  private async tellOnce(): Promise<void> {
    if (this.heard.size === 0) return;
    const { broker, directory, logger } = this.world;
    const heard = [...this.heard];
    const told = heard.slice(0, toldAtOnce);
    this.heard = new Set(heard.slice(toldAtOnce));
    try {
      const looks = await broker.look(told);
      await directory.heard(looks.map(standingOf).filter((standing) => standing !== undefined));
    } catch (error) {
      logger.debug({ err: error }, "the index of rooms could not be told what is active; trying again");
      this.heard = new Set([...told, ...this.heard]);
    }
  }
}
