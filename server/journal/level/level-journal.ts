import { ChatError } from "../../errors";
import type { Journal, JournalRow, RowText } from "../journal";
import { Batch, type Put } from "./batch";
import { JournalFile, type JournalFileOptions } from "./journal-file";
import { openLevelFile, readRows } from "./level-file";
import { lacksChanges, opening, thisBoot } from "./power-loss";

/**
 * Changes that come within this time of a write are gathered into the next one: a write costs as much as fifty rows. The
 * first change after a pause is written at once.
 */
const gatherMs = 10;
const retryMs = 1_000;

/** How long rows that were removed, and those that were dropped, may still be in a file. */
const [removedWithinMs, droppedWithinMs] = [3_600_000, 86_400_000];

/** Rows under this prefix are read when they are asked for: all others together are read at the start. */
const lazyPrefix = "e:";

/** `boot`: identifies this boot of the machine; by default as the system tells it. */
type LevelJournalOptions = JournalFileOptions & { boot?: string };

/** What the folder had when it was opened. `lossNote`: set when the newest changes may be missing. */
type Found = { rows: readonly JournalRow[]; lossNote: Put | undefined };

/**
 * A journal in a LevelDB: gathers changes into batches, written one after another. Kept changes outlive `kill -9`;
 * docs/delivery.md says what power loss may take.
 */
export class LevelJournal implements Journal {
  readonly isLasting = true;
  readonly mayLackChanges: boolean;
  private gathering = new Batch();
  private writing: Batch | undefined;
  private writtenAt = 0;
  private pauseMs = gatherMs;
  private cancelWrite: (() => void) | undefined;
  private closing: Promise<void> | undefined;
  private isClosed = false;
  /** Replaces the sign that changes may be missing; written with the first changes, which are the new epochs. */
  private lossNote: Put | undefined;
  private readonly firstRows = new Map<string, JournalRow[]>();

  private constructor(
    private readonly file: JournalFile,
    { rows, lossNote }: Found,
    private readonly options: LevelJournalOptions,
  ) {
    this.lossNote = lossNote;
    this.mayLackChanges = lossNote !== undefined;
    for (const row of rows) {
      const prefix = row[0].slice(0, lazyPrefix.length);
      const known = this.firstRows.get(prefix);
      if (known === undefined) this.firstRows.set(prefix, [row]);
      else known.push(row);
    }
  }

  /** Throws UnusableFolder. */
  static async open(options: LevelJournalOptions): Promise<LevelJournal> {
    const { folder, isFlushedAlways, boot = await thisBoot() } = options;
    const file = await openLevelFile(folder);
    const note = opening(boot, isFlushedAlways);
    const mayLackChanges = await lacksChanges(file, boot);
    if (mayLackChanges)
      options.logger.warn({ folder }, "the newest changes may be missing: rooms begin new epochs");
    else await file.batch([note], { sync: true });
    const rows = await readRows(file, folder, lazyPrefix);
    const lossNote = mayLackChanges ? note : undefined;
    return new LevelJournal(new JournalFile(file, options), { rows, lossNote }, options);
  }

  /** False while its files are gone from their folder. */
  isReachable(): boolean {
    return this.file.place.isThere;
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    return this.file.place.onChange(listener);
  }

  put(key: string, text: RowText): void {
    this.change(key, text);
  }

  erase(key: string, text: RowText): void {
    this.change(key, text);
    this.file.compactWithin(removedWithinMs);
  }

  remove(key: string): void {
    this.change(key, undefined);
    this.file.compactWithin(removedWithinMs);
  }

  drop(key: string): void {
    this.change(key, undefined);
    this.file.compactWithin(droppedWithinMs);
  }

  takeRows(prefix: string): readonly JournalRow[] {
    const rows = this.firstRows.get(prefix) ?? [];
    this.firstRows.delete(prefix);
    return rows;
  }

  readable(): Promise<void> | undefined {
    return this.file.reopened;
  }

  read(key: string): string | undefined {
    return this.file.read(key);
  }

  lost(key: string): void {
    this.file.lost(key);
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
    return this.file.compact();
  }

  /** What changes after it is not kept. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await this.last?.done.catch(() => undefined);
    this.isClosed = true;
    this.cancelWrite?.();
    await this.file.close({ isWhole: this.lossNote === undefined });
  }

  /** The latest batch with changes that are not kept yet. */
  private get last(): Batch | undefined {
    return this.gathering.isEmpty ? this.writing : this.gathering;
  }

  private change(key: string, text: RowText | undefined): void {
    this.gathering.rows.set(key, text);
    this.planWrite();
  }

  private planWrite(): void {
    if (this.isClosed || this.cancelWrite !== undefined || this.writing !== undefined) return;
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
    const { lossNote } = this;
    const isKept = await this.file.write([
      ...batch.operations(),
      ...(lossNote === undefined ? [] : [lossNote]),
    ]);
    if (isKept) this.lossNote = undefined;
    this.writing = undefined;
    this.pauseMs = isKept ? gatherMs : retryMs;
    if (isKept) batch.settle((error) => this.listenerFailed(error));
    else this.putBack(batch);
    if (!this.gathering.isEmpty) this.planWrite();
  }

  /** It is tried again with the next one. */
  private putBack(batch: Batch): void {
    this.gathering.precede(batch);
    batch.reject(new ChatError("unavailable"));
  }

  private listenerFailed(error: unknown): void {
    this.options.logger.error({ err: error }, "could not deliver an entry that is in the data folder");
  }
}
