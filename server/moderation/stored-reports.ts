import type { Report, VisitorId } from "../../protocol/events";

/** `seq` in `epoch`. `settledAt`: it is in no list until another visitor reports the message. */
export type StoredReport = Pick<Report, "room" | "seq" | "at" | "count" | "reporters"> & {
  epoch: string;
  /** Whose message the guard has withheld. */
  caught?: VisitorId;
  settledAt?: number;
};

/** Every replica knows all of them. */
export const mostReports = 500;
/** Enough that a visitor who can still see what it wrote is among them. */
const mostAuthors = 500;

/** 0 gives way first. A flood that the guard withholds takes no report of a visitor away. */
const rankOf = ({ settledAt, reporters }: StoredReport): number => {
  if (settledAt !== undefined) return 0;
  return reporters.every(({ by }) => by === "guard") ? 1 : 2;
};

/** The keys of the reports that give way to one more, the oldest of each rank first. */
export function givingWay(all: ReadonlyMap<string, StoredReport>): string[] {
  if (all.size < mostReports) return [];
  return [...all]
    .sort(([, one], [, other]) => rankOf(one) - rankOf(other) || one.at - other.at)
    .slice(0, all.size - mostReports + 1)
    .map(([key]) => key);
}

/** The authors of withheld messages whose reports have given way, the last ones at the end. */
export const withAuthors = (known: readonly VisitorId[], more: readonly VisitorId[]): VisitorId[] =>
  [...new Set([...known, ...more])].slice(-mostAuthors);
