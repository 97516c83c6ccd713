import type { Reach } from "../lib/reach";

/** A row's text, or what makes it when the row is written: one that changes often is then made once. */
export type RowText = string | (() => string);
export type JournalRow = [key: string, text: string];

/**
 * Where a process without Redis keeps its rooms and records: rows of text, in the order of their keys. Their working
 * state is in memory; the next process begins from the journal.
 *
 * - All changes of one tick are kept together or not at all, and in order: no kept change lacks an earlier one.
 * - Nothing is told to a client before it is kept: an answer waits for `kept`, and an event for `whenKept`.
 */
export interface Journal extends Reach {
  /** False when nothing outlives this process. */
  readonly isLasting: boolean;
  /** Whether the last changes of the process before may be missing: the machine has ended under it. */
  readonly mayLackChanges: boolean;

  put(key: string, text: RowText): void;
  /** Puts a row in the place of one whose text is to go for good: within an hour it is in no file either. */
  erase(key: string, text: RowText): void;
  /** Within an hour the row is in no file either. */
  remove(key: string): void;
  /** Removes a row that gave way to newer ones, or whose time is over: within a day it is in no file either. */
  drop(key: string): void;

  /** The rows under this prefix as they were when the process began. They are handed out once. */
  takeRows(prefix: string): readonly JournalRow[];

  /** Settles when rows can be read again, or it is certain that they cannot; undefined at all other times. */
  readable(): Promise<void> | undefined;
  /**
   * A row that this process has not changed; undefined when there is none, though there should be. Throws ChatError("unavailable") while the file cannot be read.
   */
  read(key: string): string | undefined;
  /** Call when a row's text is none that any process has written: the disk has changed it. */
  lost(key: string): void;

  /**
   * Settles once all changes so far are kept; undefined when they are. Throws ChatError("unavailable") when they are not
   * yet, and may be later.
   */
  kept(): Promise<void> | undefined;

  /** Runs this once all changes so far are kept, in the order of the calls; at once when they are. */
  whenKept(run: () => void): void;
}

/** Keeps nothing: all is in memory alone. */
export const noJournal: Journal = {
  isLasting: false,
  mayLackChanges: false,
  isReachable: () => true,
  onReachable: () => () => undefined,
  put() {},
  erase() {},
  remove() {},
  drop() {},
  takeRows: () => [],
  readable: () => undefined,
  read: () => undefined,
  lost() {},
  kept: () => undefined,
  whenKept: (run) => run(),
};
