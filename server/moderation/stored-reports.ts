import type { Report, VisitorId } from "../../protocol/events";

/** `seq` in `epoch`. `settledAt`: it is in no list until another visitor reports the message. */
export type StoredReport = Pick<Report, "room" | "seq" | "at" | "count" | "reporters"> & {
  epoch: string;
  /** The author of the message that the guard has withheld. */
  caught?: VisitorId;
  settledAt?: number;
};

export type MessagePlace = Pick<Report, "room" | "seq">;

export const reportKey = ({ room, seq }: MessagePlace): string => `${room} ${seq}`;

/** Every replica knows all of them. */
export const mostReports = 500;

/** 0 gives way first. A flood that the guard withholds takes no report of a visitor away. */
const rankOf = ({ settledAt, reporters }: Pick<StoredReport, "settledAt" | "reporters">): number => {
  if (settledAt !== undefined) return 0;
  return reporters.every(({ by }) => by === "guard") ? 1 : 2;
};

/**
 * The keys of the reports that give way to this one, the oldest of each rank first; undefined when it has to give way itself,
 * because all others are of a higher rank.
 */
export function givingWay(
  all: ReadonlyMap<string, StoredReport>,
  report: Pick<StoredReport, "reporters">,
): string[] | undefined {
  if (all.size < mostReports) return [];
  const rank = rankOf(report);
  const last = [...all]
    .filter(([, other]) => rankOf(other) <= rank)
    .sort(([, one], [, other]) => rankOf(one) - rankOf(other) || one.at - other.at)
    .slice(0, all.size - mostReports + 1);
  return last.length === 0 ? undefined : last.map(([key]) => key);
}
