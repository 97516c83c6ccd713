import type { JournalRow } from "./journal";

/** The rows of a journal that no server has open, in the order of their keys. */
export interface RowSource {
  /** As `Journal.mayLackChanges`. */
  readonly mayLackChanges: boolean;
  rows(prefix: string): AsyncIterable<JournalRow>;
  row(key: string): Promise<string | undefined>;
}
