import type { VisitorId } from "../../protocol/events";
import { boundedMap } from "../lib/bounded-map";
import { Pace } from "../lib/pace";
import { SerialQueue } from "../lib/serial-queue";
import type { Write } from "../records/records";
import { type Catch, catchNotes, noteLine, noting } from "./catch-notes";
import { OwedReports, type OwedReportsOptions } from "./owed-reports";

/** Enough that the authors of the last moments are among them. */
const mostAuthors = 5_000;
/** Some seconds of reports. Of what comes beyond it only the note is kept, in the store, until `OwedReports` finds it. */
const mostWaiting = 1_000;

/** What becomes of a message that was noted. Neither waits for the store. */
export type Noted = {
  /** Call once its author is answered. */
  report(seq: number): void;
  /** Call when the message was refused, and is not stored. */
  takeBack(): void;
};

/**
 * O-7: reports the messages that the guard withholds. Their authors are answered as any others, without waiting for the
 * report: a later answer would tell. So a note goes to the store before the message does, and is taken away once the
 * report is written; when a replica dies in between, another one reports what it has noted.
 */
export class Catches {
  private readonly authors = boundedMap<VisitorId, true>(mostAuthors);
  /** One at a time, and one in a turn of the event loop: a withheld flood delays no other message. */
  private readonly reporting = new SerialQueue();
  private readonly turns = new Pace(1);
  private readonly owed: OwedReports;

  constructor(private readonly options: OwedReportsOptions) {
    this.owed = new OwedReports(options, this.turns);
  }

  /** Call before the message is published. Does not wait for the store. */
  note(caught: Catch): Noted {
    const line = noteLine(caught);
    this.authors.set(caught.author, true);
    const noted = this.write(noting(line));
    return {
      report: (seq) => {
        if (this.reporting.length < mostWaiting)
          void this.reporting.add(() => this.report(caught, seq, line, noted));
      },
      takeBack: () => void noted.then(() => this.write([catchNotes.unlist(line)])),
    };
  }

  /** Whether the guard has withheld a message of that visitor on this replica. */
  has(visitor: VisitorId): boolean {
    return this.authors.get(visitor) === true;
  }

  close(): void {
    this.owed.close();
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
      await this.write([catchNotes.unlist(line)]);
    } catch (error) {
      this.options.logger.debug({ err: error, room, seq }, "could not report a withheld message yet");
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
