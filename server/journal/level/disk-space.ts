import { open, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";

/**
 * A file that is given up when the disk is full, so that accepted messages are kept, and visitors can still leave and
 * delete. LevelDB needs a few times its write buffer of 4 MB to tidy up.
 */
const reserveBytes = 16 * 1024 * 1024;
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
  private hasReserve = false;
  private readonly stopChecking: () => void;

  private constructor(private readonly options: Options) {
    this.stopChecking = options.clock.every(checkMs, () => void this.check());
  }

  static async watch(options: Options): Promise<DiskSpace> {
    const space = new DiskSpace(options);
    await space.check();
    return space;
  }

  /** Call when a write has failed: gives the reserve up, and refuses new writes until there is room again. */
  async release(): Promise<void> {
    this.tell(true);
    this.hasReserve = false;
    await rm(this.file, { force: true });
  }

  close(): void {
    this.stopChecking();
  }

  private get file(): string {
    return path.join(/*turbopackIgnore: true*/ this.options.folder, "reserve");
  }

  private async check(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.options.folder);
      const free = bavail * bsize;
      this.hasReserve ||= await this.reserve(free);
      this.tell(!this.hasReserve || free < leastFreeBytes);
    } catch (error) {
      this.options.logger.warn({ err: error }, "could not read the free space of the data folder");
    }
  }

  /** Returns whether the reserve is there. */
  private async reserve(free: number): Promise<boolean> {
    const size = (await stat(this.file).catch(() => undefined))?.size ?? 0;
    if (size >= reserveBytes) return true;
    if (free < reserveBytes + leastFreeBytes) return false;
    const file = await open(this.file, "w", 0o600);
    try {
      await file.writeFile(Buffer.alloc(reserveBytes));
    } finally {
      await file.close();
    }
    return true;
  }

  private tell(isFull: boolean): void {
    if (isFull === this.isFull) return;
    this.isFull = isFull;
    this.options.logger[isFull ? "error" : "info"](
      { folder: this.options.folder },
      isFull ? "the disk is full: new messages are refused" : "the disk has room again",
    );
    this.options.changed(isFull);
  }
}
