import type { ChatState } from "../../components/chat/state/chat-state";
import { oldestSeq } from "../../components/chat/state/feed";
import { firstSeq, type Line } from "../../components/chat/state/lines";
import type { FuzzRoom } from "./fuzz-room";

/** Returns the first fault of the shown lines, if any: an `expect` for each of a million lines would take minutes. */
export function faultIn({ feed }: ChatState, room: FuzzRoom): string | undefined {
  if (feed.cursor?.epoch !== room.epoch) return undefined;
  const cursor = feed.cursor.seq;
  const removedAt = new Map<number, number>();
  for (const { kind, seq, ...entry } of room.told)
    if (kind === "removal" && "targets" in entry)
      for (const target of entry.targets) removedAt.set(target, seq);
  const { excerpt } = feed;
  if (excerpt && (excerpt.lines.at(-1)?.seq ?? 0) >= oldestSeq(feed) - 1)
    return "the excerpt touches the run";
  const runs = excerpt ? [excerpt.lines, feed.lines] : [feed.lines];
  for (const run of runs) {
    let last: number | undefined;
    for (const line of run) {
      if (line.kind === "gap" && line.gap.reason !== "trimmed") continue;
      const from = firstSeq([line]) ?? 0;
      if (last !== undefined && from !== last + 1) return `${from} follows ${last}`;
      last = line.seq;
      if (line.kind === "gap") continue;
      const removal = removedAt.get(line.seq);
      if (line.kind === "removed" ? removal === undefined : !isSame(line, room.told[line.seq - 1]))
        return `a stranger at ${line.seq}`;
      if (line.kind === "message" && removal !== undefined && removal <= cursor)
        return `${line.seq} was removed by ${removal}, and is shown`;
    }
    if (run === feed.lines && last !== undefined && last !== cursor) return `the cursor is not at ${last}`;
  }
  return undefined;
}

const isSame = (one: Line, other: Line | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);
