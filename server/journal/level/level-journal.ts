import { ChatError } from "../../errors";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { Journal, JournalRow, RowText } from "../journal";
import { Batch, type Operation, type Put } from "./batch";
import { Compaction } from "./compaction";
import type { DiskSpace } from "./disk-space";
import { type LevelFile, openLevelFile, readRows } from "./level-file";
import { lacksChanges, noteClosed, opening, thisBoot } from "./power-loss";

/**
 * Changes that come within this time of a write are gathered into the next one: a write costs as much as fifty rows. The
 * first change after a pause is written at once.
 */
const gatherMs = 10;
/** How often to flush what the operating system holds, unless each write waits for that. */
const flushMs = 1_000;
const retryMs = 1_000;

/** How long rows that were removed, and those that were dropped, may still be in a file. */
const [removedWithinMs, droppedWithinMs] = [3_600_000, 86_400_000];

/** Rows under this prefix are read when they are asked for: all others together are read at the start. */
export const lazyPrefix = "e:";

type Options = {
  folder: string;
  /** Whether each write waits until the disk has it, so that power loss loses nothing. */
  isFlushedAlways: boolean;
  space: Pick<DiskSpace, "isFull" | "release">;
  /** Identifies this boot of the machine: by default as the system tells it. */
  boot?: string;
  clock: Clock;
  logger: Logger;
};

/** A journal in a LevelDB. What is kept outlives `kill -9`; docs/delivery.md says what power loss may take. */
export class LevelJournal implements Journal {
  readonly isLasting = true;
  readonly mayLackChanges: boolean;
  private gathering = new Batch();
  private writing: Batch | undefined;
  private writtenAt = 0;
  private pauseMs = gatherMs;
  private isFlushed = true;
  /** A write has failed, and the file is not opened anew yet. */
  private isBroken = false;
  private isClosing = false;
  private cancelWrite: (() => void) | undefined;
  private readonly compaction: Compaction;
  private readonly stopFlushing: () => void;
  private readonly firstRows = new Map<string, JournalRow[]>();

  /** `answer`: what takes the sign away that changes may be missing, until it is written with the first changes. */
  private constructor(
    private file: LevelFile,
    rows: readonly JournalRow[],
    private answer: Put | undefined,
    private readonly options: Options,
  ) {
    this.mayLackChanges = answer !== undefined;
    for (const row of rows) {
      const prefix = row[0].slice(0, lazyPrefix.length);
      const known = this.firstRows.get(prefix);
      if (known === undefined) this.firstRows.set(prefix, [row]);
      else known.push(row);
    }
    this.compaction = new Compaction(options.clock);
    this.stopFlushing = options.clock.every(flushMs, () => {
      void this.flush();
      if (this.compaction.isDue && !this.isBroken && !options.space.isFull)
        void this.compact().catch((error) => this.failed(error));
    });
  }

  /** Throws UnusableFolder. */
  static async open(options: Options): Promise<LevelJournal> {
    const { folder, isFlushedAlways, boot = await thisBoot() } = options;
    const file = await openLevelFile(folder);
    const note = opening(boot, isFlushedAlways);
    const mayLackChanges = await lacksChanges(file, boot);
    if (mayLackChanges)
      options.logger.warn({ folder }, "the newest changes may be missing: rooms begin new epochs");
    else await file.batch([note], { sync: true });
    const rows = await readRows(file, folder, lazyPrefix);
    return new LevelJournal(file, rows, mayLackChanges ? note : undefined, options);
  }

  put(key: string, text: RowText): void {
    this.gathering.rows.set(key, text);
    this.planWrite();
  }

  erase(key: string, text: RowText): void {
    this.put(key, text);
    this.compaction.due(removedWithinMs);
  }

  remove(key: string): void {
    this.takeAway(key, removedWithinMs);
  }

  drop(key: string): void {
    this.takeAway(key, droppedWithinMs);
  }

  takeRows(prefix: string): readonly JournalRow[] {
    const rows = this.firstRows.get(prefix) ?? [];
    this.firstRows.delete(prefix);
    return rows;
  }

  read(key: string): string | undefined {
    try {
      const text = this.file.getSync(key);
      if (text === undefined)
        this.options.logger.warn(
          { row: key },
          "a row of the data folder is missing: its room begins a new epoch",
        );
      return text;
    } catch (error) {
      this.options.logger.error({ err: error }, "the data folder cannot be read");
      throw new ChatError("unavailable");
    }
  }

  kept(): Promise<void> | undefined {
    return this.last?.done;
  }

  whenKept(run: () => void): void {
    const { last } = this;
    if (last === undefined) run();
    else last.add(run);
  }

  /** See `Compaction.run`. */
  compact(): Promise<void> {
    return this.compaction.run(this.file);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.stopFlushing();
    await this.last?.done.catch(() => undefined);
    this.cancelWrite?.();
    await this.flush();
    await this.compaction.idle();
    if (this.file.status === "open" && this.answer === undefined) await noteClosed(this.file);
    await this.file.close();
  }

  /** The latest batch with changes that are not kept yet. */
  private get last(): Batch | undefined {
    return this.gathering.isEmpty ? this.writing : this.gathering;
  }

  private takeAway(key: string, withinMs: number): void {
    this.gathering.rows.set(key, undefined);
    this.compaction.due(withinMs);
    this.planWrite();
  }

  private planWrite(): void {
    if (this.cancelWrite !== undefined || this.writing !== undefined) return;
    const { clock } = this.options;
    const waitMs = this.writtenAt + this.pauseMs - clock.now();
    // Within these bounds however far the clock is set.
    this.cancelWrite = clock.after(Math.min(Math.max(0, waitMs), this.pauseMs), () => {
      this.cancelWrite = undefined;
      void this.write();
    });
  }

  private async write(): Promise<void> {
    const batch = this.gathering;
    this.gathering = new Batch();
    this.writing = batch;
    this.writtenAt = this.options.clock.now();
    // Made now: what changes while it is written belongs to the next batch, which may be lost.
    const { answer } = this;
    const isKept = await this.keep([...batch.operations(), ...(answer === undefined ? [] : [answer])]);
    if (isKept) this.answer = undefined;
    this.writing = undefined;
    this.pauseMs = isKept ? gatherMs : retryMs;
    if (isKept) batch.settle((error) => this.failed(error));
    else this.putBack(batch);
    if (!this.gathering.isEmpty) this.planWrite();
  }

  /** It is tried again with the next one. */
  private putBack(batch: Batch): void {
    this.gathering.precede(batch);
    batch.reject(new ChatError("unavailable"));
  }

  private async keep(operations: Operation[]): Promise<boolean> {
    const { isFlushedAlways, space, logger } = this.options;
    const write = async () => {
      await this.file.batch(operations, { sync: isFlushedAlways });
      this.isFlushed = isFlushedAlways;
    };
    try {
      await write();
      return true;
    } catch (error) {
      this.isBroken = true;
      logger.error({ err: error }, "the data folder cannot be written");
    }
    try {
      await space.release();
      await this.reopen();
      await write();
      return true;
    } catch (error) {
      logger.error({ err: error }, "the data folder still cannot be written: it is tried again");
      return false;
    }
  }

  /** After a failed write LevelDB's log may end in half a row, and nothing must be written behind it. */
  private async reopen(): Promise<void> {
    await this.file.close().catch(() => undefined);
    this.file = await openLevelFile(this.options.folder, { isOwn: true });
    this.isBroken = false;
  }

  private failed(error: unknown): void {
    this.options.logger.error(
      { err: error },
      "the data folder cannot be flushed or compacted, or an entry not be told",
    );
  }

  private async flush(): Promise<void> {
    if (this.isFlushed || this.isBroken || this.file.status !== "open") return;
    this.isFlushed = true;
    await this.file.put(flushedKey, "", { sync: true }).catch((error: unknown) => {
      this.isFlushed = false;
      if (!this.isClosing) this.failed(error);
    });
  }
}

const flushedKey = "!flushed";
