import type { Cursor } from "../../protocol/events";
import { firstPageEntries } from "../../protocol/limits";
import { defaultHistoryBytes, type FeedLimits } from "../broker/feed";
import type { EntryLine } from "../moderation/entry-view";
import type { RecentBytes } from "./recent-bytes";

/** Less than half of what a room keeps, so the store trims nothing of it; and less than a first page may have (C-1). */
const most = { entries: 150, bytes: 32 * 1024 };

/**
 * The newest entries of a room that this replica follows, as the store has them: joins and returns are answered from
 * here, without asking the store.
 */
export class RecentEntries {
  private lines: EntryLine[] = [];
  private bytes = 0;
  /** Entries up to here may have changed since an older page was read. */
  private changedAt: number;
  private isKept: boolean;

  /** `has`: the last entry of the room. `ofAllRooms`: the bytes that all rooms have together. */
  constructor(
    private has: Cursor,
    { historyLimit, historyBytes = defaultHistoryBytes }: FeedLimits,
    private readonly ofAllRooms: RecentBytes,
  ) {
    this.changedAt = has.seq;
    this.isKept = historyLimit >= 2 * most.entries && historyBytes >= 2 * most.bytes;
  }

  append(lines: readonly EntryLine[]): void {
    const last = lines.at(-1);
    if (last === undefined) return;
    this.has = { epoch: this.has.epoch, seq: last.seq };
    if (!this.isKept) return;
    // A removal changes earlier entries.
    if (lines.some(({ kind }) => kind === "removal")) {
      this.forget(this.has);
      return;
    }
    for (const line of lines) this.push(line);
    while (this.lines.length > most.entries || this.bytes > most.bytes) {
      const oldest = this.lines.shift();
      this.bytes -= oldest?.bytes ?? 0;
    }
    this.ofAllRooms.used(this, this.bytes);
  }

  /** Forgets all entries, because those up to `has` were changed, or can no longer be read. */
  forget(has: Cursor): void {
    this.has = has;
    this.changedAt = has.seq;
    this.giveUp();
    this.ofAllRooms.used(this, 0);
  }

  /** Other rooms need the memory. */
  giveUp(): void {
    this.lines = [];
    this.bytes = 0;
  }

  /** Called when the room is no longer followed: a page that is still being read adds nothing. */
  close(): void {
    this.forget(this.has);
    this.isKept = false;
  }

  /** Takes what the store has before the oldest entry here. `head`: the room's last entry when it was read. */
  learn(epoch: string, head: number, lines: readonly EntryLine[]): void {
    const first = this.lines[0]?.seq ?? this.has.seq + 1;
    if (!this.isKept || epoch !== this.has.epoch || head < this.changedAt) return;
    if ((lines.at(-1)?.seq ?? 0) < first - 1) return;
    const older = lines.filter(({ seq }) => seq < first);
    const bytes = older.reduce((sum, line) => sum + line.bytes, 0);
    if (older.length + this.lines.length > most.entries || bytes + this.bytes > most.bytes) return;
    this.lines = [...older, ...this.lines];
    this.bytes += bytes;
    this.ofAllRooms.used(this, this.bytes);
  }

  /**
   * The entries after the cursor up to `head`, without one a first page that ends with `head`; undefined when they are
   * not all here. Waits a turn of the event loop for entries that are on their way.
   */
  async upTo(head: Cursor, cursor: Cursor | undefined): Promise<EntryLine[] | undefined> {
    if (!this.isKept) return undefined;
    if (!this.reaches(head)) await new Promise(setImmediate);
    if (!this.reaches(head)) return undefined;
    this.ofAllRooms.used(this, this.bytes);
    return cursor === undefined ? this.newest(head) : this.after(cursor, head);
  }

  private after(cursor: Cursor, head: Cursor): EntryLine[] | undefined {
    if (cursor.epoch !== head.epoch || cursor.seq > head.seq) return undefined;
    if (cursor.seq === head.seq) return [];
    if ((this.lines[0]?.seq ?? Number.POSITIVE_INFINITY) > cursor.seq + 1) return undefined;
    return this.lines.filter(({ seq }) => seq > cursor.seq && seq <= head.seq);
  }

  private newest(head: Cursor): EntryLine[] | undefined {
    const page = this.lines.filter(({ seq }) => seq <= head.seq).slice(-firstPageEntries);
    return page.length === firstPageEntries || page[0]?.seq === 1 ? page : undefined;
  }

  private reaches({ epoch, seq }: Cursor): boolean {
    return epoch === this.has.epoch && seq <= this.has.seq;
  }

  private push(line: EntryLine): void {
    this.lines.push(line);
    this.bytes += line.bytes;
  }
}
