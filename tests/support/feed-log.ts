import type { Cursor, Entry, Gap, MessageEntry } from "../../protocol/events";

/** Everything that one visitor received of a room, in order of arrival: the evidence for F-1, F-3 and C-1. */
export class FeedLog {
  readonly entries: Entry[] = [];
  readonly gaps: Gap[] = [];
  /** Every entry that does not follow the entry before it. */
  readonly faults: string[] = [];
  private epoch = "";
  private last = 0;

  get cursor(): Cursor {
    return { epoch: this.epoch, seq: this.last };
  }

  get messages(): MessageEntry[] {
    return this.entries.filter((entry) => entry.kind === "message");
  }

  get texts(): string[] {
    return this.messages.map((message) => message.text);
  }

  /** Takes the answer to a join: a first page starts the log again, a resumed one continues it. */
  join(isResumed: boolean, entries: Entry[], cursor: Cursor, gap: Gap | undefined): void {
    const before = (entries[0]?.seq ?? cursor.seq + 1) - 1;
    if (gap !== undefined) this.skip(gap, { epoch: cursor.epoch, seq: before });
    else if (!isResumed) this.restart({ epoch: cursor.epoch, seq: before });
    this.append(cursor.epoch, entries);
    if (this.last !== cursor.seq)
      this.faults.push(`the ack's cursor is ${cursor.seq} after entry ${this.last}`);
  }

  append(epoch: string, entries: Entry[]): void {
    if (epoch !== this.epoch) this.faults.push(`epoch ${epoch} after ${this.epoch} without a gap`);
    for (const entry of entries) {
      if (entry.seq !== this.last + 1) this.faults.push(`entry ${entry.seq} after ${this.last}`);
      const before = this.entries.at(-1);
      if (before !== undefined && entry.at < before.at)
        this.faults.push(`the time of ${entry.seq} goes back`);
      this.last = entry.seq;
      this.entries.push(entry);
    }
  }

  /** Takes a gap, and the cursor after which the feed goes on (F-0). */
  skip(gap: Gap, { epoch, seq }: Cursor): void {
    this.gaps.push(gap);
    if (gap.from > gap.to) this.faults.push(`a gap from ${gap.from} to ${gap.to}`);
    if (gap.reason !== "trimmed") this.restart({ epoch, seq });
    else if (gap.from !== this.last + 1 || gap.to !== seq)
      this.faults.push(`a gap from ${gap.from} to ${gap.to} between ${this.last} and ${seq}`);
    this.last = seq;
  }

  private restart({ epoch, seq }: Cursor): void {
    this.entries.length = 0;
    this.epoch = epoch;
    this.last = seq;
  }
}
