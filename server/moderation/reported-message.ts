import type { Entry, MessageEntry, Report, RoomId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { messageIn } from "../broker/entry-json";
import { entriesFor } from "./entry-view";

/** How many entries before and after a reported message are shown with it. */
const [before, after] = [5, 3];

/**
 * As they are stored. `message` is missing when it was removed, or is no longer kept; the one that a `published` entry
 * carries has its own number.
 */
export type ReportedMessage = { epoch: string; message?: MessageEntry; around: Entry[] };

/** Reads a message and the entries around it. Throws as the broker does. */
export async function readReported(
  feed: Pick<Broker["feed"], "read">,
  room: RoomId,
  seq: number,
): Promise<ReportedMessage> {
  const range = { after: Math.max(0, seq - before - 1), before: seq + after + 1, limit: before + after + 1 };
  const { epoch, entries } = await feed.read(room, range);
  const entry = entries.find((each) => each.seq === seq);
  const message = entry && messageIn(entry);
  const around = entries.filter((each) => each.seq !== seq);
  return { epoch, around, ...(message && { message }) };
}

/** As the owner and moderators are given it. */
export function asShown({ message, around }: ReportedMessage): Pick<Report, "message" | "around"> {
  const shown = (entries: readonly Entry[]) => entriesFor(entries, { visitor: "", isStaff: true });
  const [first] = message === undefined ? [] : shown([message]);
  return { around: shown(around), ...(first?.kind === "message" && { message: first }) };
}
