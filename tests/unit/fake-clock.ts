import type { Clock } from "../../server/lib/clock";

/** Time stands still until the test lets it pass. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private timers = new Set<{ at: number; everyMs?: number; run: () => void }>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.add({ at: this.time + delayMs, run });
  }

  every(everyMs: number, run: () => void): () => void {
    return this.add({ at: this.time + everyMs, everyMs, run });
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (let due = this.due(end); due !== undefined; due = this.due(end)) {
      this.time = due.at;
      if (due.everyMs === undefined) this.timers.delete(due);
      else due.at += due.everyMs;
      due.run();
    }
    this.time = end;
  }

  private add(timer: { at: number; everyMs?: number; run: () => void }): () => void {
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  private due(end: number) {
    return [...this.timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}
