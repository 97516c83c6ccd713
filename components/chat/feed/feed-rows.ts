import type { MessageEntry, VisitorId } from "../../../protocol/events";
import { firstSeq, type GapLine, isDrawn, isNotice, type Line, type Notice } from "../state/lines";
import type { Outbox, Outgoing } from "../state/outgoing";
import { dayOf } from "./moments";
import { nameSuffixOf, namesakes } from "./name-suffixes";
import { othersMessagesAfter, type Viewer } from "./unseen-messages";

/**
 * One line of the feed as it is drawn. `isFirst`: it starts a group, and shows author and time. `nameSuffix`: tells
 * namesakes apart. `self`: the visitor, whose own notices are in the second person.
 */
export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "gap"; key: string; line: GapLine }
  | { kind: "removed"; key: string; seq: number }
  | { kind: "notices"; key: string; notices: Notice[]; self: VisitorId | undefined }
  | { kind: "hidden"; key: string; entries: MessageEntry[] }
  | MessageRow
  | OutgoingRow;

export type MessageRow = {
  kind: "message";
  key: string;
  entry: MessageEntry;
  isOwn: boolean;
  isFirst: boolean;
  nameSuffix: string | undefined;
};

export type OutgoingRow = { kind: "outgoing"; key: string; draft: Outgoing; isFirst: boolean };

/** Each change of the feed makes new rows, but not new entries in them. */
export const isSameRow = (one: Row, other: Row): boolean =>
  Object.entries(one).every(([name, value]) => isSame(value, other[name as keyof Row]));

const isSame = (one: unknown, other: unknown): boolean =>
  one === other ||
  (Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((part, index) => part === other[index]));

/** Messages of one author within this time are one group. */
const groupMs = 5 * 60_000;

type Last = { by: VisitorId | undefined; at: number };
const noAuthor: Last = { by: undefined, at: 0 };

/**
 * The rows of the lines, and below them those of the drafts. A visitor's own messages are recognized by visitor id, and
 * never hidden. A divider stands before the first message of others after `divider`, if the lines reach back that far.
 */
export function rowsOf(lines: readonly Line[], outbox: Outbox, viewer: Viewer, divider?: number): Row[] {
  const rows: Row[] = [];
  const withSuffix = namesakes(lines);
  let day = "";
  let last = noAuthor;
  let isDivided = divider === undefined || (firstSeq(lines) ?? 0) > divider + 1;
  for (const line of lines) {
    if (!isDrawn(line)) continue;
    if (line.kind !== "gap" && dayOf(line.at) !== day) {
      day = dayOf(line.at);
      rows.push({ kind: "day", key: `day-${day}`, at: line.at });
      last = noAuthor;
    }
    if (!isDivided && isUnseen(line, divider, viewer)) {
      rows.push({ kind: "new", key: "new" });
      last = noAuthor;
      isDivided = true;
    }
    last = push(rows, line, last, { ...viewer, withSuffix });
  }
  for (const draft of outbox) {
    rows.push({
      kind: "outgoing",
      key: mine(draft.clientMessageId),
      draft,
      isFirst: startsGroup(last, viewer.self, draft.writtenAt),
    });
    last = { by: viewer.self, at: draft.writtenAt };
  }
  return rows;
}

type Marking = Viewer & { withSuffix: ReadonlySet<VisitorId> };

function push(rows: Row[], line: Line, last: Last, viewer: Marking): Last {
  switch (line.kind) {
    case "removed":
      rows.push({ kind: "removed", key: `${line.seq}`, seq: line.seq });
      return noAuthor;
    case "gap":
      rows.push({ kind: "gap", key: `gap-${line.seq}`, line });
      return noAuthor;
    case "message":
      return pushMessage(rows, line, last, viewer);
    default:
      if (!isNotice(line)) return last;
      pushNotice(rows, line, viewer.self);
      return noAuthor;
  }
}

function pushMessage(
  rows: Row[],
  entry: MessageEntry,
  last: Last,
  { self, hidden, withSuffix }: Marking,
): Last {
  const isOwn = entry.by.id === self;
  if (!isOwn && hidden.has(entry.by.id)) {
    pushHidden(rows, entry);
    return noAuthor;
  }
  const key = isOwn ? mine(entry.clientMessageId) : `${entry.seq}`;
  const isFirst = startsGroup(last, entry.by.id, entry.at);
  const nameSuffix = !isOwn && withSuffix.has(entry.by.id) ? nameSuffixOf(entry.by.id) : undefined;
  rows.push({ kind: "message", key, entry, isOwn, isFirst, nameSuffix });
  return { by: entry.by.id, at: entry.at };
}

function pushNotice(rows: Row[], notice: Notice, self: VisitorId | undefined): void {
  const above = rows.at(-1);
  if (above?.kind === "notices") above.notices.push(notice);
  else rows.push({ kind: "notices", key: isTop(rows) ? "top" : `${notice.seq}`, notices: [notice], self });
}

/** Older notices join the row at the top, which keeps its key. */
const isTop = (rows: readonly Row[]): boolean => rows.every(({ kind }) => kind === "day");

const isUnseen = (line: Line, divider = 0, viewer: Viewer): boolean =>
  othersMessagesAfter(divider, [line], viewer).length > 0;

function pushHidden(rows: Row[], entry: MessageEntry): void {
  const above = rows.at(-1);
  if (above?.kind === "hidden") above.entries.push(entry);
  else rows.push({ kind: "hidden", key: `hidden-${entry.seq}`, entries: [entry] });
}

/** One key before and after the ack: the row stays in place, and is announced once. */
const mine = (clientMessageId: string): string => `mine-${clientMessageId}`;

const startsGroup = (last: Last, by: VisitorId | undefined, at: number): boolean =>
  last.by !== by || by === undefined || at - last.at > groupMs;
