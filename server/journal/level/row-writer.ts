import type { Logger } from "../../lib/logger";
import { SerialQueue } from "../../lib/serial-queue";
import type { Operation } from "./batch";
import type { DiskSpace } from "./disk-space";
import { type LevelFile, openLevelFile } from "./level-file";

type Options = { folder: string; space: Pick<DiskSpace, "release">; logger: Logger };

/**
 * All writes to an open LevelDB, one after another. One that fails, as on a full disk, may leave half a row at the end of
 * LevelDB's log, and rows behind it cannot be read: so the next one opens LevelDB anew first.
 */
export class RowWriter {
  private readonly queue = new SerialQueue();
  /** A write has failed, and LevelDB is not opened anew yet. */
  private isTorn = false;

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

  /** Returns whether these changes are kept; if not, none of them is. `sync`: whether the disk has them too. */
  keep(operations: readonly Operation[], { sync }: { sync: boolean }): Promise<boolean> {
    return this.queue.add(() => this.tryTwice(operations, sync));
  }

  /** Call when nothing is kept any more. */
  async close(): Promise<void> {
    await this.queue.idle();
    await this.opened.close();
  }

  private async tryTwice(operations: readonly Operation[], sync: boolean): Promise<boolean> {
    const { space, logger } = this.options;
    try {
      await this.write(operations, sync);
      return true;
    } catch (error) {
      logger.error({ err: error }, "the data folder cannot be written");
    }
    try {
      await space.release();
      await this.write(operations, sync);
      return true;
    } catch (error) {
      logger.error({ err: error }, "the data folder still cannot be written; trying again");
      return false;
    }
  }

  private async write(operations: readonly Operation[], sync: boolean): Promise<void> {
    if (this.isTorn) await this.reopen();
    try {
      await this.opened.batch([...operations], { sync });
    } catch (error) {
      this.isTorn = true;
      throw error;
    }
  }

  private async reopen(): Promise<void> {
    await this.opened.close().catch(() => undefined);
    this.opened = await openLevelFile(this.options.folder, { isOwn: true });
    this.isTorn = false;
  }
}
