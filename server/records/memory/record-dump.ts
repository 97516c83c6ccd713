import type { Journal } from "../../journal/journal";
import type { RowSource } from "../../journal/row-source";
import { type DumpedRecord, isDumped, type RecordLine, type RecordLoader } from "../record-dump";
import {
  entryRowsOf,
  type Kept,
  noEntries,
  RecordRows,
  readRecordEntry,
  readRecordRow,
  recordPrefix,
} from "./record-rows";

/** All records of a journal that are moved and have not lapsed. */
export async function* dumpRecords(source: RowSource): AsyncIterable<RecordLine> {
  const now = Date.now();
  for await (const [, text] of source.rows(recordPrefix)) {
    const { key, kind, value, lapsesAt } = readRecordRow(text);
    if (kind === "log" || !isDumped(key) || (lapsesAt ?? now + 1) <= now) continue;
    const isSingle = kind === "value" || kind === "count";
    yield { record: { key, kind, ...(isSingle && { value }), ...(lapsesAt !== undefined && { lapsesAt }) } };
    for await (const [, row] of source.rows(entryRowsOf(key))) {
      const [, name, item] = readRecordEntry(row);
      yield { item: kind === "set" ? [name] : [name, item] };
    }
  }
}

/** Writes the records of a dump as rows of a journal. `flush` is awaited after each line. */
export class MemoryRecordLoader implements RecordLoader {
  private readonly rows: RecordRows;
  private key = "";

  constructor(
    journal: Journal,
    private readonly flush: () => Promise<void>,
  ) {
    this.rows = new RecordRows(journal);
  }

  async write(line: RecordLine): Promise<void> {
    if ("record" in line) {
      this.key = line.record.key;
      this.rows.changed(this.key, keptOf(line.record));
    } else {
      const [name, value = name] = line.item;
      this.rows.entryChanged(this.key, name, value);
    }
    await this.flush();
  }

  async finish(): Promise<void> {}
}

const keptOf = ({ kind, value = "", lapsesAt = Number.POSITIVE_INFINITY }: DumpedRecord): Kept => ({
  kind,
  value,
  lapsesAt,
  entries: noEntries(kind),
  bytes: 0,
});
