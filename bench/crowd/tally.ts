import { until } from "../../tests/support/until";
import { LatencyCounts } from "./latency-counts";
import type { Member } from "./member";
import type { Reading } from "./readings";

/** Failed deliveries; every figure must be 0. */
export type Faults = {
  lost: number;
  doubled: number;
  disordered: number;
  refused: number;
  unanswered: number;
  closed: number;
};

/**
 * `room`: undefined when no member needs to receive it. `missing`: how many members have yet to receive it. `sender`: the
 * sender's number, below `mostSenders`.
 */
type Sent = { room: number | undefined; missing: number; sender: number; replica: 0 | 1; sentAt: number };

/** Deliveries of the messages from `first` on, with their latencies to the other replica's members and to all. */
export type Window = { first: number; deliveries: number; toOther: LatencyCounts; toAll: LatencyCounts };

const mostSenders = 100;
const answerMs = 5_000;

/** Knows every sent message, and counts its deliveries. */
export class Tally {
  readonly faults: Faults = { lost: 0, doubled: 0, disordered: 0, refused: 0, unanswered: 0, closed: 0 };
  lastHeardAt = performance.now();
  private readonly sent: Sent[] = [];
  private outstanding = 0;
  private unanswered = 0;
  private window: Window | undefined;

  /** `capacity`: the most messages there can be. */
  constructor(private readonly capacity: number) {}

  get count(): number {
    return this.sent.length;
  }

  /** Expects the member to receive every message from now on. */
  seat(member: Member): void {
    member.seen = new Uint8Array(this.capacity);
    // The member need not receive messages from before it came.
    member.seen.fill(1, 0, this.sent.length);
    member.newest = new Int32Array(mostSenders).fill(-1);
  }

  add(message: Sent): void {
    if (this.sent.length >= this.capacity) throw new Error(`more than ${this.capacity} messages`);
    this.sent.push(message);
    this.outstanding += message.missing;
    this.unanswered += 1;
  }

  answered(number: number, isOk: boolean): void {
    this.unanswered -= 1;
    if (isOk) return;
    this.faults.refused += 1;
    this.forget(number);
  }

  appended(member: Member, { seqs, messages }: Reading, now: number): void {
    this.lastHeardAt = now;
    if (seqs !== undefined && member.lastSeq !== undefined) {
      if (!seqs.isWhole || seqs.first !== member.lastSeq + 1) this.faults.disordered += 1;
      member.lastSeq = seqs.last;
    }
    if (member.seen.length > 0) for (const number of messages) this.delivered(member, number, now);
  }

  /** Measures the messages from the next one on. */
  begin(): Window {
    const { length: first } = this.sent;
    this.window = { first, deliveries: 0, toOther: new LatencyCounts(), toAll: new LatencyCounts() };
    return this.window;
  }

  end(): void {
    this.window = undefined;
  }

  /** Resolves with whether everything is delivered within `mostMs`. */
  drained(mostMs: number): Promise<boolean> {
    return until("all deliveries", () => this.outstanding <= 0, mostMs, 5).catch(() => false);
  }

  async allAnswered(): Promise<void> {
    await until("all answers", () => this.unanswered === 0, answerMs).catch(() => undefined);
  }

  /** Stops expecting the messages from `first` on: the servers end before they have delivered them. */
  abandon(first: number): void {
    for (let number = first; number < this.sent.length; number += 1) this.forget(number);
    this.unanswered = 0;
  }

  /** The faults so far; a message that has not come by now is lost. */
  judge(members: readonly Member[]): Faults {
    let lost = 0;
    for (const { room, seen } of members)
      for (const [number, message] of this.sent.entries())
        if (message.room === room && seen[number] === 0) lost += 1;
    return { ...this.faults, lost, unanswered: this.unanswered };
  }

  private forget(number: number): void {
    const message = this.sent[number];
    if (message?.room === undefined) return;
    this.outstanding -= message.missing;
    message.room = undefined;
  }

  private delivered(member: Member, number: number, now: number): void {
    const message = this.sent[number];
    if (message === undefined) return;
    const times = member.seen[number] ?? 0;
    member.seen[number] = times + 1;
    if (times > 0) {
      this.faults.doubled += 1;
      return;
    }
    // A refused message may have been stored anyway, so it may or may not come.
    if (message.room !== undefined) {
      message.missing -= 1;
      this.outstanding -= 1;
    }
    if ((member.newest[message.sender] ?? -1) > number) this.faults.disordered += 1;
    member.newest[message.sender] = number;
    const { window } = this;
    if (window === undefined || number < window.first) return;
    window.deliveries += 1;
    const ms = now - message.sentAt;
    window.toAll.add(ms);
    if (member.replica !== message.replica) window.toOther.add(ms);
  }
}
