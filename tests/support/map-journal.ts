import { ChatError } from "../../server/errors";
import { type Journal, type JournalRow, noJournal, type RowText } from "../../server/journal/journal";

/** A journal in memory. A test can take rows away or make it unreadable. */
export class MapJournal implements Journal {
  readonly isLasting = true;
  readonly mayLackChanges = false;
  readonly isReachable = noJournal.isReachable;
  readonly onReachable = noJournal.onReachable;
  readonly kept = noJournal.kept;
  readonly whenKept = noJournal.whenKept;
  readonly lost = noJournal.lost;
  readonly readable = noJournal.readable;
  /** Decides which keys can be read: all, unless a test says otherwise. */
  isReadable: (key: string) => boolean = () => true;
  /** Keys of rows that were removed or replaced, and how soon no file may have them: within the hour, or the day. */
  readonly goneWithinHour = new Set<string>();
  readonly goneWithinDay = new Set<string>();
  private readonly rows = new Map<string, RowText>();
  private readonly firstRows: JournalRow[];

  constructor(rows: readonly JournalRow[] = []) {
    this.firstRows = [...rows];
    for (const [key, text] of rows) this.rows.set(key, text);
  }

  /** The journal as the next process finds it. */
  next(): MapJournal {
    return new MapJournal(
      [...this.rows].sort().map(([key, text]) => [key, typeof text === "string" ? text : text()]),
    );
  }

  /** Takes a row away, as damage does. */
  lose(key: string): void {
    this.rows.delete(key);
  }

  keysOf(prefix: string): string[] {
    return [...this.rows.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  put(key: string, text: RowText): void {
    this.rows.set(key, text);
  }

  erase(key: string, text: RowText): void {
    this.goneWithinHour.add(key);
    this.rows.set(key, text);
  }

  remove(key: string): void {
    this.goneWithinHour.add(key);
    this.rows.delete(key);
  }

  drop(key: string): void {
    this.goneWithinDay.add(key);
    this.rows.delete(key);
  }

  takeRows(prefix: string): readonly JournalRow[] {
    return this.firstRows.filter(([key]) => key.startsWith(prefix));
  }

  read(key: string): string | undefined {
    if (!this.isReadable(key)) throw new ChatError("unavailable");
    const text = this.rows.get(key);
    return typeof text === "function" ? text() : text;
  }
}
