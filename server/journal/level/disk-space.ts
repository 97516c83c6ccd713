import { statfs } from "node:fs/promises";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import { Reserve, reserveBytes } from "./reserve";
import { isWantOfRoom } from "./unusable-folder";

/** Below this the disk counts as full. */
const leastFreeBytes = 8 * 1024 * 1024;
const checkMs = 1_000;

type Options = {
  folder: string;
  clock: Clock;
  logger: Logger;
  /** Called whenever the disk has become full, or is full no more. */
  changed(isFull: boolean): void;
};

/** Whether the disk under the data folder has room, and the reserve for when it has none. */
export class DiskSpace {
  isFull = false;
  private readonly stopChecking: () => void;

  private constructor(
    private readonly options: Options,
    private readonly reserve: Reserve,
  ) {
    this.stopChecking = options.clock.every(checkMs, () => void this.check());
  }

  /** Throws UnusableFolder. */
  static async watch(options: Options): Promise<DiskSpace> {
    const space = new DiskSpace(options, await Reserve.find(options.folder));
    await space.check();
    return space;
  }

  /** Call when a write has failed: gives the reserve up, and refuses new writes until there is room again. */
  async release(): Promise<void> {
    this.tell(true);
    await this.reserve.giveUp();
  }

  close(): void {
    this.stopChecking();
  }

  private async check(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.options.folder);
      const free = bavail * bsize;
      if (!this.reserve.isThere && free >= reserveBytes + leastFreeBytes) await this.reserve.make();
      this.tell(!this.reserve.isThere || free < leastFreeBytes);
    } catch (error) {
      // Without the folder the store is gone too: StorePlace has told that.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.tell(true, error);
    }
  }

  /** `error`: why it cannot be known. */
  private tell(isFull: boolean, error?: unknown): void {
    if (isFull === this.isFull) return;
    this.isFull = isFull;
    const { folder, logger } = this.options;
    if (!isFull) logger.info({ folder }, "the disk has room again");
    else if (error === undefined || isWantOfRoom(error as Error))
      logger.error({ folder }, "the disk is full: new messages are refused");
    else logger.error({ folder, err: error }, "no reserve can be kept on the disk: new messages are refused");
    this.options.changed(isFull);
  }
}
