import type { StaffLine } from "../../protocol/events";

/** How many lines the page keeps. */
const mostLines = 300;

const keyOf = ({ room, epoch, entry }: StaffLine): string => `${room} ${epoch} ${entry.seq}`;

/** A line of the feed on the page: a message, or one that a `published` entry shows to all. */
export type LiveLine = StaffLine & { entry: Extract<StaffLine["entry"], { kind: "message" | "published" }> };
export type LiveFeed = {
  lines: readonly LiveLine[];
  removed: ReadonlySet<string>;
  since: number | undefined;
};

export const emptyFeed: LiveFeed = { lines: [], removed: new Set(), since: undefined };

/** Adds lines; the server gives some again (O-11). */
export function withLines(feed: LiveFeed, read: readonly StaffLine[]): LiveFeed {
  const lines = new Map(feed.lines.map((line) => [keyOf(line), line]));
  const removed = new Set(feed.removed);
  let since = feed.since;
  for (const line of read) {
    const { entry, room, epoch } = line;
    since = Math.max(since ?? 0, entry.at);
    if (entry.kind === "removal")
      for (const target of entry.targets) removed.add(`${room} ${epoch} ${target}`);
    else lines.set(keyOf(line), { ...line, entry });
  }
  const inOrder = [...lines.values()].sort((one, other) => one.entry.at - other.entry.at);
  return { lines: inOrder.slice(-mostLines), removed, since };
}

export const isRemoved = ({ removed }: LiveFeed, line: LiveLine): boolean => removed.has(keyOf(line));

export const lineKey = keyOf;
