import type { Cursor, Entry, RoomId } from "../../../../protocol/events";
import { ChatError } from "../../../errors";
import { parseEntry } from "../../entry-json";
import type { FeedListener, Page } from "../../feed";
import { readAppended } from "../codec";

/** The most that one read of the stream brings to fill a hole: more at once would make every connection slow (W-7). */
const fillPageEntries = 500;
const fillPageBytes = 128 * 1024;

/** The cursor in a room that no longer exists; no room has this epoch. */
const nowhere: Cursor = { epoch: "none", seq: 0 };

type ReadAfter = (room: RoomId, range: { after: number; limit: number; maxBytes: number }) => Promise<Page>;

/**
 * Delivers one room's feed to this replica, in order and without holes. An entry on the channel is delivered at once if
 * it has the next number; after a jump, the stream is read up to it. During that read the channel only moves the goal:
 * every published entry is already in the stream.
 */
export class RoomFollower {
  private goal: Cursor;
  private filling: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    readonly room: RoomId,
    private last: Cursor,
    private readonly listener: Pick<FeedListener, "appended" | "gap">,
    private readonly read: ReadAfter,
    private readonly failed: (error: unknown) => void,
  ) {
    this.goal = last;
  }

  get cursor(): Cursor {
    return this.last;
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Handles a message of the room's channel. */
  receive(message: string): void {
    const { epoch, seq, line } = readAppended(message);
    const isNext = epoch === this.last.epoch && seq === this.last.seq + 1;
    if (isNext && this.filling === undefined) this.give(epoch, [parseEntry(line)]);
    else if (epoch !== this.last.epoch || seq > this.last.seq) this.expect({ epoch, seq });
  }

  /** Takes the store's head, and reads the entries up to it that are not yet delivered. */
  expect(head: Cursor): void {
    if (head.epoch !== this.goal.epoch || head.seq > this.goal.seq) this.goal = head;
    this.fill().catch(this.failed);
  }

  async reach(seq: number): Promise<void> {
    if (this.last.seq < seq) this.goal = { epoch: this.last.epoch, seq: Math.max(seq, this.goal.seq) };
    await this.fill();
  }

  private get isCaughtUp(): boolean {
    return this.isStopped || (this.last.epoch === this.goal.epoch && this.last.seq >= this.goal.seq);
  }

  private fill(): Promise<void> {
    if (this.filling !== undefined) return this.filling;
    if (this.isCaughtUp) return Promise.resolve();
    this.filling = this.readUpToGoal();
    return this.filling;
  }

  private async readUpToGoal(): Promise<void> {
    try {
      await this.readOn();
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "room_not_found") throw error;
      this.lose();
    } finally {
      // Clear it in the same tick as the loop's end: a goal set later must start a new read.
      this.filling = undefined;
    }
  }

  private async readOn(): Promise<void> {
    while (!this.isCaughtUp) {
      const page = await this.read(this.room, {
        after: this.last.seq,
        limit: fillPageEntries,
        maxBytes: fillPageBytes,
      });
      if (this.isStopped) return;
      if (page.epoch !== this.last.epoch) await this.startEpoch();
      else if (page.first > this.last.seq + 1 || page.entries.length > 0) this.giveWithGap(page);
      else this.goal = this.last;
    }
  }

  /** The room has gone and no entry says so. Reporting the end of its epoch makes clients ask. */
  private lose(): void {
    this.goal = this.last;
    if (this.isStopped || this.last.epoch === nowhere.epoch) return;
    this.last = nowhere;
    this.goal = nowhere;
    this.listener.gap({ from: 1, to: 1, reason: "reset" }, nowhere);
  }

  /** The room's numbers start over: its keys were lost, or came back with fewer entries than were delivered. */
  private async startEpoch(): Promise<void> {
    const page = await this.read(this.room, { after: 0, limit: fillPageEntries, maxBytes: fillPageBytes });
    if (this.isStopped) return;
    const reason = page.rewoundFrom === this.last.epoch ? "rewound" : "reset";
    this.last = { epoch: page.epoch, seq: page.first - 1 };
    this.goal = { epoch: page.epoch, seq: page.head };
    this.listener.gap({ from: 1, to: Math.max(1, page.first - 1), reason }, this.last);
    if (page.entries.length > 0) this.give(page.epoch, page.entries);
  }

  private giveWithGap(page: Page): void {
    const missing = page.first - 1;
    if (missing > this.last.seq) {
      const from = this.last.seq + 1;
      this.last = { epoch: page.epoch, seq: missing };
      this.listener.gap({ from, to: missing, reason: "trimmed" }, this.last);
    }
    this.give(page.epoch, page.entries);
  }

  private give(epoch: string, entries: Entry[]): void {
    const newest = entries.at(-1);
    if (newest === undefined || this.isStopped) return;
    this.last = { epoch, seq: newest.seq };
    if (this.goal.epoch !== epoch || this.goal.seq < newest.seq) this.goal = this.last;
    this.listener.appended(epoch, entries);
  }
}
