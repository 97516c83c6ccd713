import { ChatError } from "../../errors";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { Operation, Put } from "./batch";
import { Compaction } from "./compaction";
import type { DiskSpace } from "./disk-space";
import type { LevelFile } from "./level-file";
import { closed } from "./power-loss";
import { RowWriter } from "./row-writer";
import { StorePlace } from "./store-place";

/** How often to flush what the operating system holds, unless each write waits for that. */
const flushMs = 1_000;
/** A row without a meaning: writing it with `sync` flushes all before it. */
const flushed: Put = { type: "put", key: "!flushed", value: "" };

export type JournalFileOptions = {
  folder: string;
  /** Whether each write waits until the disk has it, so that power loss loses nothing. */
  isFlushedAlways: boolean;
  space: Pick<DiskSpace, "isFull" | "release">;
  clock: Clock;
  logger: Logger;
};

/** The LevelDB of a journal: flushed every second, and compacted when removed rows have to leave its files. */
export class JournalFile {
  readonly place: StorePlace;
  private isFlushed = true;
  private readonly writer: RowWriter;
  private readonly compaction: Compaction;
  private readonly stopTimer: () => void;

  constructor(
    file: LevelFile,
    private readonly options: JournalFileOptions,
  ) {
    this.place = new StorePlace(options.folder, options.logger);
    this.writer = new RowWriter(file, { ...options, place: this.place });
    this.compaction = new Compaction(options.clock);
    this.stopTimer = options.clock.every(flushMs, () => {
      this.writer.look();
      void this.flush();
      if (this.compaction.isDue && !this.writer.isBroken && !options.space.isFull)
        void this.compact().catch((error) => this.failed(error));
    });
  }

  /** See `RowWriter.reopened`. */
  get reopened(): Promise<void> | undefined {
    return this.writer.reopened;
  }

  /** Undefined when there is no such row, though there should be. Throws ChatError("unavailable"). */
  read(key: string): string | undefined {
    const { logger } = this.options;
    try {
      const text = this.writer.file.getSync(key);
      if (text === undefined) this.lost(key);
      return text;
    } catch (error) {
      logger.error({ err: error }, "the data folder cannot be read");
      throw new ChatError("unavailable");
    }
  }

  /** Call when a row's text is none that any process has written. */
  lost(key: string): void {
    this.options.logger.warn(
      { row: key },
      "a row of the data folder is missing or damaged: its room begins a new epoch",
    );
  }

  /** Writes all of it or nothing. Returns whether it is written. */
  async write(operations: readonly Operation[]): Promise<boolean> {
    const { isFlushedAlways: sync } = this.options;
    const isKept = await this.writer.keep(operations, { sync });
    if (isKept) this.isFlushed = sync;
    return isKept;
  }

  /** Call when rows were removed that no file may have after this time. */
  compactWithin(ms: number): void {
    this.compaction.due(ms);
  }

  /** See `Compaction.run`. */
  compact(): Promise<void> {
    return this.compaction.run(this.writer);
  }

  /** With `isWhole` it is noted that no changes are missing. */
  async close({ isWhole }: { isWhole: boolean }): Promise<void> {
    this.stopTimer();
    await this.flush();
    await this.compaction.idle();
    if (isWhole) await this.writer.keep([closed], { sync: true });
    await this.writer.close();
  }

  private async flush(): Promise<void> {
    if (this.isFlushed) return;
    this.isFlushed = true;
    if (!(await this.writer.keep([flushed], { sync: true }))) this.isFlushed = false;
  }

  private failed(error: unknown): void {
    this.options.logger.error({ err: error }, "the data folder cannot be compacted");
    // It may be closed: the next flush opens it anew, so that rows can be read.
    this.isFlushed = false;
  }
}
