import type { ClientMessageId, GuardSign, RoomId, VisitorId } from "../../protocol/events";
import { maxHistoryLimit } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import { ChatError } from "../errors";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { Pace } from "../lib/pace";
import { SerialQueue } from "../lib/serial-queue";
import { recordKeys } from "../records/keys";
import { listAt } from "../records/kinds";
import type { Records, Write } from "../records/records";
import type { Reports } from "./reports";

/** A message that the guard is about to withhold. `id`: the client's. */
export type Catch = { room: RoomId; author: VisitorId; id: ClientMessageId; signs: GuardSign[] };

/** How often reports that are owed are looked for, and how long the replica that noted one has to write it. */
export const finishEveryMs = 10_000;
const graceMs = 10_000;
/** How many are written at once; a flood that a dead replica leaves behind waits for the next times. */
const finishedAtOnce = 50;
/** The nodes of a cluster have clocks of their own. */
const leewayMs = 5_000;
/** Enough that the authors of the last moments are among them. */
const mostAuthors = 5_000;

const notes = listAt(recordKeys.moderation.catches);

type CatchesOptions = {
  records: Records;
  broker: { feed: Pick<Broker["feed"], "read"> };
  reports: Pick<Reports, "addCaught">;
  clock: Clock;
  logger: Logger;
};

/**
 * O-7: reports the messages that the guard withholds. Their authors are answered as any others, without waiting for the
 * report: a later answer would tell. So a note goes to the store before the message does, and is taken away once the
 * report is written; when a replica dies in between, another one reports what it has noted.
 */
export class Catches {
  private readonly authors = boundedMap<VisitorId, true>(mostAuthors);
  /** One at a time, and one in a turn of the event loop: a flood that is withheld keeps nobody's messages waiting. */
  private readonly reporting = new SerialQueue();
  private readonly turns = new Pace(1);
  private readonly stop: () => void;

  constructor(private readonly options: CatchesOptions) {
    this.stop = options.clock.every(finishEveryMs, () => void this.finish());
  }

  /**
   * Call before the message is published, and the returned function once its author is answered. Neither waits for the
   * store.
   */
  note(caught: Catch): (seq: number) => void {
    const line = JSON.stringify(caught);
    this.authors.set(caught.author, true);
    const noted = this.write([notes.stamp(line)]);
    return (seq) => void this.reporting.add(() => this.report(caught, seq, line, noted));
  }

  /** Whether the guard has withheld a message of that visitor on this replica. */
  has(visitor: VisitorId): boolean {
    return this.authors.get(visitor) === true;
  }

  close(): void {
    this.stop();
  }

  private async report(
    { author, room, signs }: Catch,
    seq: number,
    line: string,
    noted: Promise<void>,
  ): Promise<void> {
    try {
      await this.turns.turn();
      await this.options.reports.addCaught(author, { room, seq }, signs);
      await noted;
      await this.write([notes.unlist(line)]);
    } catch (error) {
      this.options.logger.debug({ err: error, room, seq }, "could not report a withheld message yet");
    }
  }

  /** Replicas may overlap: a message is reported once. */
  private async finish(): Promise<void> {
    const { records, reports, clock, logger } = this.options;
    try {
      const upTo = clock.now() - graceMs;
      const [owed] = await records.read(notes.listed({ order: "lowest", upTo, most: finishedAtOnce }));
      for (const [line, at] of owed) {
        // Only `note` writes these.
        const { author, room, id, signs } = JSON.parse(line) as Catch;
        const seq = await this.numberOf({ author, room, id }, at);
        if (seq !== undefined) await reports.addCaught(author, { room, seq }, signs);
        await records.write([notes.unlist(line)]);
      }
    } catch (error) {
      logger.debug({ err: error }, "could not report withheld messages; trying again");
    }
  }

  /** Under which number the message was stored; undefined when it was not, or is gone. */
  private async numberOf(
    { author, room, id }: Omit<Catch, "signs">,
    notedAt: number,
  ): Promise<number | undefined> {
    for (let before: number | undefined; ; ) {
      const range = { limit: maxHistoryLimit, ...(before !== undefined && { before }) };
      const page = await this.options.broker.feed.read(room, range).catch(unlessOver);
      const entries = page?.entries ?? [];
      const isIt = (entry: (typeof entries)[number]) =>
        entry.kind === "message" && entry.clientMessageId === id && withheldOf(entry) === author;
      const found = entries.find(isIt);
      const [oldest] = entries;
      if (found !== undefined || oldest === undefined || oldest.at < notedAt - leewayMs) return found?.seq;
      before = oldest.seq;
    }
  }

  private async write(writes: Write[]): Promise<void> {
    try {
      await this.options.records.write(writes, { evenWhenFull: true });
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not note a withheld message");
    }
  }
}

/** Undefined for a room that has ended: it has nothing to report. Throws any other error. */
function unlessOver(error: unknown): undefined {
  if (error instanceof ChatError && (error.code === "room_not_found" || error.code === "room_closed")) return;
  throw error;
}
