import type { Entry, Gap, MessageEntry, RemovalEntry } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";

/** A hole that stays one; `seq` is its last missing number. */
export type GapLine = { kind: "gap"; seq: number; gap: Gap };
/** Lines stand in the order of their numbers. */
export type Line = Entry | GapLine;

/** Says that nothing of what was before is left; no number is its own. */
export const isReset = (line: Line | undefined): boolean =>
  line?.kind === "gap" && line.gap.reason !== "trimmed";

export const firstSeq = ([line]: readonly Line[]): number | undefined =>
  line?.kind === "gap" ? line.gap.from : line?.seq;

/** Where the first line stands that has this number or a later one. */
export function indexAt(lines: readonly Line[], seq: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line that a number belongs to, if these lines reach so far. */
export function lineAt(lines: readonly Line[], seq: number): Line | undefined {
  const line = lines[indexAt(lines, seq)];
  return line && (firstSeq([line]) ?? 0) <= seq ? line : undefined;
}

export function messageAt(lines: readonly Line[], seq: number): MessageEntry | undefined {
  const line = lineAt(lines, seq);
  return line?.kind === "message" ? line : undefined;
}

/** A removed message's text is dropped, its number stays; so does a forgotten visitor's id, without its name. */
export function withoutRemoved(lines: readonly Line[], known: readonly Line[]): readonly Line[] {
  const removals = known.filter((line) => line.kind === "removal");
  if (removals.length === 0) return lines;
  const forgettings = removals.filter(({ forgotten }) => forgotten);
  const targets = new Set(removals.flatMap((removal) => removal.targets));
  return lines.map((line) => {
    if (line.kind === "message" && targets.has(line.seq))
      return { kind: "removed", seq: line.seq, at: line.at };
    const takesName = ({ forgotten, seq }: RemovalEntry) =>
      "by" in line && line.by.id === forgotten && line.seq < seq;
    return forgettings.some(takesName) ? withoutName(line) : line;
  });
}

function withoutName(line: Line): Line {
  if (!("by" in line) || line.by.name === forgottenName) return line;
  const by = { ...line.by, name: forgottenName };
  return line.kind === "rename" ? { ...line, by, was: forgottenName } : { ...line, by };
}
