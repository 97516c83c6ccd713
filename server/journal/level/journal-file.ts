import { ChatError } from "../../errors";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { Operation } from "./batch";
import { Compaction } from "./compaction";
import type { DiskSpace } from "./disk-space";
import { type LevelFile, openLevelFile } from "./level-file";
import { noteClosed } from "./power-loss";

/** How often to flush what the operating system holds, unless each write waits for that. */
const flushMs = 1_000;
/** A row without a meaning: writing it with `sync` flushes all before it. */
const flushedKey = "!flushed";

export type JournalFileOptions = {
  folder: string;
  /** Whether each write waits until the disk has it, so that power loss loses nothing. */
  isFlushedAlways: boolean;
  space: Pick<DiskSpace, "isFull" | "release">;
  clock: Clock;
  logger: Logger;
};

/**
 * The LevelDB of a journal: opened anew after a failed write, flushed every second, and compacted when removed rows have
 * to leave its files.
 */
export class JournalFile {
  private isFlushed = true;
  /** A write has failed, and the file is not opened anew yet. */
  private isBroken = false;
  private isClosing = false;
  private readonly compaction: Compaction;
  private readonly stopTimer: () => void;

  constructor(
    private file: LevelFile,
    private readonly options: JournalFileOptions,
  ) {
    this.compaction = new Compaction(options.clock);
    this.stopTimer = options.clock.every(flushMs, () => {
      void this.flush();
      if (this.compaction.isDue && !this.isBroken && !options.space.isFull)
        void this.compact().catch((error) => this.failed(error));
    });
  }

  /** Undefined when there is no such row, though there should be. Throws ChatError("unavailable"). */
  read(key: string): string | undefined {
    const { logger } = this.options;
    try {
      const text = this.file.getSync(key);
      if (text === undefined)
        logger.warn({ row: key }, "a row of the data folder is missing: its room begins a new epoch");
      return text;
    } catch (error) {
      logger.error({ err: error }, "the data folder cannot be read");
      throw new ChatError("unavailable");
    }
  }

  /** Writes all of it or nothing, if need be a second time into the file opened anew. Returns whether it is written. */
  async write(operations: Operation[]): Promise<boolean> {
    const { space, logger } = this.options;
    try {
      await this.writeOnce(operations);
      return true;
    } catch (error) {
      this.isBroken = true;
      logger.error({ err: error }, "the data folder cannot be written");
    }
    try {
      await space.release();
      await this.reopen();
      await this.writeOnce(operations);
      return true;
    } catch (error) {
      logger.error({ err: error }, "the data folder still cannot be written: it is tried again");
      return false;
    }
  }

  /** Call when rows were removed that are to be in no file after this time. */
  compactWithin(ms: number): void {
    this.compaction.due(ms);
  }

  /** See `Compaction.run`. */
  compact(): Promise<void> {
    return this.compaction.run(this.file);
  }

  /** With `isWhole` it is noted that no changes are missing. */
  async close({ isWhole }: { isWhole: boolean }): Promise<void> {
    this.isClosing = true;
    this.stopTimer();
    await this.flush();
    await this.compaction.idle();
    if (this.file.status === "open" && isWhole) await noteClosed(this.file);
    await this.file.close();
  }

  private async writeOnce(operations: Operation[]): Promise<void> {
    const { isFlushedAlways } = this.options;
    await this.file.batch(operations, { sync: isFlushedAlways });
    this.isFlushed = isFlushedAlways;
  }

  /** After a failed write LevelDB's log may end in half a row, and nothing must be written behind it. */
  private async reopen(): Promise<void> {
    await this.file.close().catch(() => undefined);
    this.file = await openLevelFile(this.options.folder, { isOwn: true });
    this.isBroken = false;
  }

  private async flush(): Promise<void> {
    if (this.isFlushed || this.isBroken || this.file.status !== "open") return;
    this.isFlushed = true;
    await this.file.put(flushedKey, "", { sync: true }).catch((error: unknown) => {
      this.isFlushed = false;
      if (!this.isClosing) this.failed(error);
    });
  }

  private failed(error: unknown): void {
    this.options.logger.error({ err: error }, "the data folder cannot be flushed or compacted");
  }
}
