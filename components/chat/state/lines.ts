import type { Entry, Gap, Member, MessageEntry, RemovalEntry } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";

/** A hole that cannot be filled; `seq` is its last missing number. */
export type GapLine = { kind: "gap"; seq: number; gap: Gap };
/** A message that was withheld, where it was published (O-7); `writtenAs` is the number that its author has it under. */
export type PublishedLine = MessageEntry & { writtenAs: number };
/** Lines are sorted by their numbers. */
export type Line = Entry | PublishedLine | GapLine;

/** What a member did besides writing, or how many members did it. */
export type Notice = Exclude<
  Extract<Entry, { by: Member } | { joined: number }>,
  MessageEntry | { targets: number[] }
>;

/** By the fields, since a later version may send kinds that are not known here. */
export const isNotice = (line: Line): line is Notice =>
  "joined" in line || ("by" in line && line.kind !== "message");

/** False for an entry that only changes others, its targets, and for a message that this reader is not given. */
export const isDrawn = (line: Line): boolean => !("targets" in line || line.kind === "withheld");

/** A reset says that nothing from before it is left; it has no number of its own. */
export const isReset = (line: Line | undefined): boolean =>
  line?.kind === "gap" && line.gap.reason !== "trimmed";

export const firstSeq = ([line]: readonly Line[]): number | undefined =>
  line?.kind === "gap" ? line.gap.from : line?.seq;

/** The index of the first line with this number or a later one. */
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

/** The line that covers a number, if one of these lines does. */
export function lineAt(lines: readonly Line[], seq: number): Line | undefined {
  const line = lines[indexAt(lines, seq)];
  return line && (firstSeq([line]) ?? 0) <= seq ? line : undefined;
}

export function messageAt(lines: readonly Line[], seq: number): MessageEntry | undefined {
  const line = lineAt(lines, seq);
  return line?.kind === "message" ? line : undefined;
}

/** The lines of entries: a message that was withheld is one like the others, from where it was published (O-7). */
export const linesOf = (entries: readonly Entry[], known: readonly Line[]): readonly Line[] =>
  withoutRemoved(
    entries.map((entry) =>
      entry.kind === "published"
        ? { ...entry.message, writtenAs: entry.message.seq, seq: entry.seq, at: entry.at }
        : entry,
    ),
    known,
  );

/**
 * Applies the removals in `known`: a removed message keeps its number but not its text, and a forgotten visitor keeps
 * their id but not their name.
 */
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
