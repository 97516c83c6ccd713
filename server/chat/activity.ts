import type { Entry, RoomId } from "../../protocol/events";
import type { Directory } from "../directory/directory";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isIndexed } from "./room-ids";

/** What was heard in rooms is told to the index so often, all of it at once: never once for each message. */
const tellMs = 1_000;

/** Tells the index in which rooms something was appended, as this replica delivers it. */
export class Activity {
  private heard = new Map<RoomId, number>();
  private telling: Promise<void> = Promise.resolve();
  private readonly stop: () => void;

  constructor(
    private readonly directory: Directory,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    this.stop = clock.every(tellMs, () => void this.tell());
  }

  appended(room: RoomId, entries: Entry[]): void {
    const last = entries.at(-1);
    if (last !== undefined && isIndexed(room)) this.heard.set(room, last.at);
  }

  /** Tells what is left. */
  async close(): Promise<void> {
    this.stop();
    await this.tell();
  }

  private tell(): Promise<void> {
    // One behind another: an older telling that failed must not come back over a newer one.
    this.telling = this.telling.then(() => this.tellOnce());
    return this.telling;
  }

  private async tellOnce(): Promise<void> {
    if (this.heard.size === 0) return;
    const told = this.heard;
    this.heard = new Map();
    try {
      await this.directory.heard(told);
    } catch (error) {
      this.logger.debug({ err: error }, "the index of rooms could not be told what is active; trying again");
      this.heard = new Map([...told, ...this.heard]);
    }
  }
}
