import type { Clock } from "../../lib/clock";
import type { Put } from "./batch";
import { endOf } from "./key-range";
import type { RowWriter } from "./row-writer";

/** After a start: rows that earlier processes removed may still be in the files. By then the visitors are back. */
const firstAfterMs = 60_000;

const retryMs = 600_000;

/** Rows without a meaning before and behind all others. */
const [firstKey, lastKey] = ["!", "~"];
const outerRows = [firstKey, lastKey].map((key): Put => ({ type: "put", key, value: "" }));

type Writer = Pick<RowWriter, "keep" | "file" | "renew">;

/** Frees the space of removed rows: until then their bytes are in the folder's files. */
export class Compaction {
  private dueAt: number;
  private running: Promise<void> | undefined;

  constructor(private readonly clock: Clock) {
    this.dueAt = clock.now() + firstAfterMs;
  }

  get isDue(): boolean {
    return this.running === undefined && this.clock.now() >= this.dueAt;
  }

  /** Call when something was removed that no file may have after this time. */
  due(withinMs: number): void {
    this.dueAt = Math.min(this.dueAt, this.clock.now() + withinMs);
  }

  /** Reading and writing go on meanwhile; LevelDB does the work in a thread of its own. */
  run(writer: Writer): Promise<void> {
    this.dueAt = Number.POSITIVE_INFINITY;
    this.running ??= compact(writer)
      .catch((error) => {
        this.due(retryMs);
        throw error;
      })
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  async idle(): Promise<void> {
    await this.running?.catch(() => undefined);
  }
}

/**
 * LevelDB may write a row and its removal side by side into a table that it does not touch again by itself. Two rows
 * around all others make the next pass rewrite that table.
 */
async function compact(writer: Writer): Promise<void> {
  for (let pass = 0; pass < 2; pass += 1) {
    const isKept = await writer.keep(outerRows, { sync: false });
    if (!isKept) throw new Error("no row can be written");
    await writer.file.compactRange(firstKey, endOf(lastKey));
  }
  await writer.renew();
}
