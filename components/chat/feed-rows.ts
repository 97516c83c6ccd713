import type { MessageEntry, NoticeEntry, RenameEntry, VisitorId } from "../../protocol/events";
import type { GapLine, Line } from "./feed";
import { dayOf } from "./moments";
import type { Outbox, Outgoing } from "./outgoing";

export type Notice = NoticeEntry | RenameEntry;

/** One line of the feed as it is drawn. `isFirst`: it starts a group, and shows author and time. */
export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "gap"; key: string; line: GapLine }
  | { kind: "removed"; key: string; seq: number }
  | { kind: "notices"; key: string; notices: Notice[] }
  | { kind: "message"; key: string; entry: MessageEntry; isOwn: boolean; isFirst: boolean }
  | { kind: "outgoing"; key: string; draft: Outgoing; isFirst: boolean };

/** Messages of one author within this time are one group. */
const groupMs = 5 * 60_000;

type Last = { by: VisitorId | undefined; at: number };

/** Draws lines and what is on its way below them; one's own are told apart by visitor id. */
export function rowsOf(lines: readonly Line[], outbox: Outbox, self: VisitorId | undefined): Row[] {
  const rows: Row[] = [];
  let day = "";
  let last: Last = { by: undefined, at: 0 };
  for (const line of lines) {
    if (line.kind !== "gap" && line.kind !== "removal" && dayOf(line.at) !== day) {
      day = dayOf(line.at);
      rows.push({ kind: "day", key: `day-${day}`, at: line.at });
      last = { by: undefined, at: 0 };
    }
    last = push(rows, line, last, self);
  }
  for (const draft of outbox) {
    rows.push({
      kind: "outgoing",
      key: mine(draft.clientMessageId),
      draft,
      isFirst: startsGroup(last, self, draft.writtenAt),
    });
    last = { by: self, at: draft.writtenAt };
  }
  return rows;
}

function push(rows: Row[], line: Line, last: Last, self: VisitorId | undefined): Last {
  switch (line.kind) {
    case "removal":
      return last;
    case "removed":
      rows.push({ kind: "removed", key: `${line.seq}`, seq: line.seq });
      return { by: undefined, at: 0 };
    case "gap":
      rows.push({ kind: "gap", key: `gap-${line.seq}`, line });
      return { by: undefined, at: 0 };
    case "message":
      return pushMessage(rows, line, last, self);
    default:
      pushNotice(rows, line);
      return { by: undefined, at: 0 };
  }
}

function pushMessage(rows: Row[], entry: MessageEntry, last: Last, self: VisitorId | undefined): Last {
  const isOwn = entry.by.id === self;
  const key = isOwn ? mine(entry.clientMessageId) : `${entry.seq}`;
  rows.push({ kind: "message", key, entry, isOwn, isFirst: startsGroup(last, entry.by.id, entry.at) });
  return { by: entry.by.id, at: entry.at };
}

function pushNotice(rows: Row[], notice: Notice): void {
  const above = rows.at(-1);
  if (above?.kind === "notices") above.notices.push(notice);
  else rows.push({ kind: "notices", key: `${notice.seq}`, notices: [notice] });
}

/** One key before and after the ack: the line stays where it is, and is announced once. */
const mine = (clientMessageId: string): string => `mine-${clientMessageId}`;

const startsGroup = (last: Last, by: VisitorId | undefined, at: number): boolean =>
  last.by !== by || by === undefined || at - last.at > groupMs;
