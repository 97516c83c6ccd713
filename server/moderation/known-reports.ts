import type { Report, VisitorId } from "../../protocol/events";
import { changesOf, type KnownState } from "./known-state";
import { type MessagePlace, reportKey, type StoredReport } from "./stored-reports";

/** The reports that this replica knows, settled ones too. */
export class KnownReports {
  private readonly all = new Map<string, StoredReport>();

  constructor(private readonly known: KnownState) {
    // Only reports.ts writes these texts.
    known.onChange(
      changesOf("report", (key, text) => {
        if (text === undefined) this.all.delete(key);
        else this.all.set(key, JSON.parse(text) as StoredReport);
      }),
    );
  }

  find(message: MessagePlace): StoredReport | undefined {
    return this.all.get(reportKey(message));
  }

  get byKey(): ReadonlyMap<string, StoredReport> {
    return this.all;
  }

  /** How many are not settled. */
  get openCount(): number {
    return this.open().length;
  }

  /** Those that are not settled, last reported before a moment, the newest first. */
  open(end = Number.POSITIVE_INFINITY): StoredReport[] {
    return [...this.all.values()]
      .filter(({ settledAt, at }) => settledAt === undefined && at < end)
      .sort((one, other) => other.at - one.at || (reportKey(one) < reportKey(other) ? 1 : -1));
  }

  /** Whether a report tells of a message of that visitor that the guard has withheld. */
  hasCaught(visitor: VisitorId): boolean {
    return [...this.all.values()].some(({ caught }) => caught === visitor);
  }

  /** Calls the listener when a message was reported, on any replica. */
  onAdded(listener: (report: Pick<Report, "room" | "seq" | "count">) => void): void {
    this.known.onChange(
      changesOf("report", (key) => {
        const report = this.all.get(key);
        if (report !== undefined && report.settledAt === undefined)
          listener({ room: report.room, seq: report.seq, count: report.count });
      }),
    );
  }
}
