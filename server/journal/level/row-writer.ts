import { rm } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "../../lib/logger";
import { SerialQueue } from "../../lib/serial-queue";
import type { Operation } from "./batch";
import type { DiskSpace } from "./disk-space";
import { type LevelFile, openLevelFile } from "./level-file";
import { isMade } from "./store-folder";
import type { StorePlace } from "./store-place";

type Options = { folder: string; place: StorePlace; space: Pick<DiskSpace, "release">; logger: Logger };

/**
 * All writes to an open LevelDB, one after another. One that fails, as on a full disk, may leave half a row at the end of
 * LevelDB's log, and rows behind it cannot be read: so the next one opens LevelDB anew first.
 * Nothing counts as kept that was written into files which are not in the folder any more.
 */
export class RowWriter {
  private readonly queue = new SerialQueue();
  /** A write has failed, and LevelDB is not opened anew yet. */
  private isTorn = false;
  private reopening: Promise<void> | undefined;
  private isClosed = false;

  constructor(
    private opened: LevelFile,
    private readonly options: Options,
  ) {}

  /** To be read. Closed while a full disk keeps it from being opened anew. */
  get file(): LevelFile {
    return this.opened;
  }

  get isBroken(): boolean {
    return this.isTorn;
  }

  /** Settles once LevelDB is opened anew, or cannot be; undefined while that is not under way. */
  get reopened(): Promise<void> | undefined {
    return this.reopening;
  }

  /** Returns whether these changes are kept; if not, none of them is. `sync`: whether the disk has them too. */
  keep(operations: readonly Operation[], { sync }: { sync: boolean }): Promise<boolean> {
    return this.queue.add(() => this.tryTwice(operations, sync));
  }

  /** Call now and then: the store may be gone from its folder while nothing is written. */
  look(): void {
    if (!this.options.place.check()) this.isTorn = true;
  }

  /**
   * Opens LevelDB anew between two writes: that is when it drops the keys of removed rows from its list of files, which has
   * the first and the last of each table, and from its own log. For some milliseconds no row can be read: wait for `reopened`.
   */
  renew(): Promise<void> {
    return this.queue.add(async () => {
      if (this.isClosed) return;
      this.look();
      if (!this.options.place.isThere) return;
      this.isTorn = true;
      await this.reopen();
      await rm(path.join(/*turbopackIgnore: true*/ this.options.folder, "LOG.old"), { force: true });
    });
  }

  /** Ends what is under way, and keeps nothing after it: the next process may have the folder. */
  async close(): Promise<void> {
    await this.queue.idle();
    this.isClosed = true;
    await this.opened.close();
  }

  private async tryTwice(operations: readonly Operation[], sync: boolean): Promise<boolean> {
    const { space, logger } = this.options;
    try {
      return await this.write(operations, sync);
    } catch (error) {
      logger.error({ err: error }, "the data folder cannot be written");
    }
    try {
      await space.release();
      return await this.write(operations, sync);
    } catch (error) {
      logger.error({ err: error }, "the data folder still cannot be written; trying again");
      return false;
    }
  }

  /** Returns false when the store is not in its folder, before or after the write. */
  private async write(operations: readonly Operation[], sync: boolean): Promise<boolean> {
    if (this.isClosed) return false;
    this.look();
    if (!this.options.place.isThere) return false;
    if (this.isTorn) await this.reopen();
    try {
      await this.opened.batch([...operations], { sync });
    } catch (error) {
      this.look();
      if (!this.options.place.isThere) return false;
      this.isTorn = true;
      throw error;
    }
    this.look();
    return this.options.place.isThere;
  }

  private reopen(): Promise<void> {
    const reopening = this.openAnew().finally(() => {
      this.reopening = undefined;
    });
    this.reopening = reopening.catch(() => undefined);
    return reopening;
  }

  private async openAnew(): Promise<void> {
    await this.opened.close().catch(() => undefined);
    const { folder, place } = this.options;
    try {
      this.opened = await openLevelFile(folder, { isOwn: true });
    } finally {
      if (isMade(folder)) place.renew();
    }
    this.isTorn = false;
  }
}
