import type { Line as ShownLine } from "../../components/chat/state/lines";
import type { Ack, ClientToServer, Cursor, Entry, Gap, RoomId, VisitorId } from "../../protocol/events";

export type CommandName = keyof ClientToServer;

/** One event on one connection, as the visitor's side saw it; `at` in milliseconds since 1970. */
export type LogLine = { at: number; connection: number } & (
  | { is: "opened" }
  | { is: "ended" }
  | { is: "asked"; ask: number; command: CommandName; input: Readonly<Record<string, unknown>> }
  | { is: "answered"; ask: number; answer: Ack }
  | { is: "heard"; event: string; body: unknown }
);

/** Everything that one visitor sent and received, over all its connections, and the final state of its page. */
export type VisitorLog = {
  label: string;
  room: RoomId;
  /** The visitor vanished for good, without a packet. */
  hasVanished: boolean;
  lines: readonly LogLine[];
  /** The lines on the page when all is quiet; undefined for a visitor that has vanished. */
  shown: readonly ShownLine[] | undefined;
  /** The members that the page shows then. */
  members: readonly VisitorId[] | undefined;
};

/** The findings of a late reader in a room. */
export type Finding = {
  room: RoomId;
  /** The reader's own visitor id. */
  reader: VisitorId;
  epoch: string;
  /** Every entry as the owner gets it, oldest first: withheld messages are marked. */
  entries: readonly Entry[];
  /** The members when all was quiet, and after all visitors had left; without the reader itself. */
  membersWhenQuiet: readonly string[];
  membersInTheEnd: readonly string[];
};

/** What the owner did. `seq`: the number of the message as it was written. */
export type Deed =
  | { did: "ban" | "shadow"; visitor: VisitorId }
  | { did: "remove" | "publish"; room: RoomId; seq: number }
  | { did: "rules"; room: RoomId; welcome: string };

/** `from`: when it began; `at`: when its answer came. */
export type Act = { from: number; at: number } & Deed;

export type Evidence = {
  visitors: readonly VisitorLog[];
  findings: readonly Finding[];
  acts: readonly Act[];
};

export const isBanned = (acts: readonly Act[], visitor: VisitorId, at: number): boolean =>
  acts.some((act) => act.did === "ban" && act.visitor === visitor && act.from <= at);

export type Appended = { room: RoomId; epoch: string; entries: Entry[] };
export type Skipped = { room: RoomId; gap: Gap; cursor: Cursor };

type AnsweredLine = LogLine & { is: "answered" };
type AskedLine = LogLine & { is: "asked" };

/** The answers that a visitor received, each with its command, in the order of the answers. */
export function answersIn({ lines }: VisitorLog): (AnsweredLine & { question: AskedLine })[] {
  const asked = new Map<number, AskedLine>();
  return lines.flatMap((line) => {
    if (line.is === "asked") asked.set(line.ask, line);
    const question = line.is === "answered" ? asked.get(line.ask) : undefined;
    return line.is === "answered" && question !== undefined ? [{ ...line, question }] : [];
  });
}

/** The visitor's public id; empty when it was never let in. */
export function visitorOf({ lines }: VisitorLog): VisitorId {
  for (const line of lines)
    if (line.is === "heard" && line.event === "session:started")
      return (line.body as { visitor: { id: VisitorId } }).visitor.id;
  return "";
}
