import type { RoomId } from "../../protocol/events";
import { maxHistoryLimit } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Pace } from "../lib/pace";
import { singleFlight } from "../lib/single-flight";
import type { Records } from "../records/records";
import { type Catch, type CatchNote, catchNotes, readNote } from "./catch-notes";
import type { Reports } from "./reports";

/** How often reports that are owed are looked for, and how long the replica that noted one has to write it. */
export const finishEveryMs = 10_000;
const graceMs = 10_000;
/** One walk through a room serves all notes of a page; 100 kB. */
export const notesPage = 500;
/** The nodes of a cluster have clocks of their own. */
const leewayMs = 5_000;

export type OwedReportsOptions = {
  records: Records;
  broker: { feed: Pick<Broker["feed"], "read"> };
  reports: Pick<Reports, "addCaught">;
  clock: Clock;
  logger: Logger;
};

/** Reports the messages that a replica has noted and not reported, because it died or has too much to do. */
export class OwedReports {
  private readonly stop: () => void;
  private isClosed = false;

  /** `turns`: of reports and of readings; a withheld flood delays no other message. */
  constructor(
    private readonly options: OwedReportsOptions,
    private readonly turns: Pace,
  ) {
    const finish = singleFlight(() => this.finish());
    this.stop = options.clock.every(finishEveryMs, () => void finish());
  }

  close(): void {
    this.isClosed = true;
    this.stop();
  }

  /** Replicas may overlap: a message is reported once. */
  private async finish(): Promise<void> {
    const { records, clock, logger } = this.options;
    const upTo = clock.now() - graceMs;
    try {
      let page: CatchNote[];
      let above = 0;
      do {
        const [listed] = await records.read(
          catchNotes.listed({ order: "lowest", above, upTo, most: notesPage }),
        );
        page = listed.map(readNote);
        // Notes whose room cannot be read stay, and keep no other waiting.
        above = page.at(-1)?.at ?? upTo;
        for (const [room, owed] of byRoom(page)) await this.finishRoom(room, owed);
      } while (page.length === notesPage && !this.isClosed);
    } catch (error) {
      logger.debug({ err: error }, "could not read the notes of withheld messages; trying again");
    }
  }

  private async finishRoom(room: RoomId, owed: readonly CatchNote[]): Promise<void> {
    const { records, reports, logger } = this.options;
    if (this.isClosed) return;
    try {
      const numbers = await this.numbersOf(room, owed);
      for (const note of owed) {
        const seq = numbers.get(keyOf(note));
        if (seq === undefined) continue;
        await this.turns.turn();
        await reports.addCaught(note.author, { room, seq }, note.signs).catch(unlessOver);
      }
      await records.write([catchNotes.unlist(...owed.map(({ line }) => line))]);
    } catch (error) {
      logger.debug({ err: error, room }, "could not report withheld messages; trying again");
    }
  }

  /**
   * Under which numbers the messages are stored, by `keyOf`; the others were refused, or are gone. Reads from the room's
   * newest entry back to the oldest note, once for all.
   */
  private async numbersOf(room: RoomId, owed: readonly CatchNote[]): Promise<Map<string, number>> {
    const wanted = new Set(owed.map(keyOf));
    const oldestAt = Math.min(...owed.map(({ at }) => at)) - leewayMs;
    const numbers = new Map<string, number>();
    for (let before: number | undefined; ; ) {
      await this.turns.turn();
      const range = { limit: maxHistoryLimit, ...(before !== undefined && { before }) };
      const page = await this.options.broker.feed.read(room, range).catch(unlessOver);
      const entries = page?.entries ?? [];
      for (const entry of entries) {
        const author = withheldOf(entry);
        if (entry.kind !== "message" || author === undefined) continue;
        const key = keyOf({ author, id: entry.clientMessageId });
        if (wanted.has(key)) numbers.set(key, entry.seq);
      }
      const [oldest] = entries;
      if (oldest === undefined || oldest.at < oldestAt || numbers.size === wanted.size) return numbers;
      before = oldest.seq;
    }
  }
}

function byRoom(notes: readonly CatchNote[]): Map<RoomId, CatchNote[]> {
  const rooms = new Map<RoomId, CatchNote[]>();
  for (const note of notes) {
    const others = rooms.get(note.room);
    if (others === undefined) rooms.set(note.room, [note]);
    else others.push(note);
  }
  return rooms;
}

const keyOf = ({ author, id }: Pick<Catch, "author" | "id">): string => `${author} ${id}`;

/** Undefined for a room that has ended: it has nothing to report. Throws any other error. */
function unlessOver(error: unknown): undefined {
  if (error instanceof ChatError && (error.code === "room_not_found" || error.code === "room_closed")) return;
  throw error;
}
