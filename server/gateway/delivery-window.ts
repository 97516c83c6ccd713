/**
 * One write costs as much as twenty short messages in it. A room with fewer deliveries per second (entries times live
 * connections) sends each entry at once.
 */
const gatheredFrom = 1_000;
/** A window is long enough for about this many entries, within these bounds in milliseconds. */
const entriesEach = 3;
const [shortestMs, longestMs] = [25, 50];
/** Where more than this many connections are live, joins, leaves and renames may wait for messages this long. */
const crowd = 50;
const noticeMs = 250;
/** The time over which the rate is measured. */
const measuredMs = 1_000;

/** Decides how long a room's entries wait for others, so that a busy room needs fewer writes. */
export class DeliveryWindow {
  /** Entries per second, an exponential average. */
  private rate = 0;
  private measuredAt = 0;
  private sentAt = Number.NEGATIVE_INFINITY;

  /** Milliseconds since 1970 for `now`. */
  constructor(private readonly now: () => number) {}

  sent(): void {
    this.sentAt = this.now();
  }

  /** Counts entries that have come, and returns for how many milliseconds they may wait; 0: not at all. */
  waitMs(entries: number, areNotices: boolean, connections: number): number {
    const now = this.now();
    const elapsed = Math.max(0, now - this.measuredAt);
    this.rate = this.rate * Math.exp(-elapsed / measuredMs) + (entries * 1_000) / measuredMs;
    this.measuredAt = now;
    const passedMs = Math.max(0, now - this.sentAt);
    if (areNotices && connections > crowd) return Math.max(0, noticeMs - passedMs);
    return Math.max(0, this.windowMs(connections) - passedMs);
  }

  private windowMs(connections: number): number {
    if (this.rate * connections < gatheredFrom) return 0;
    return Math.min(longestMs, Math.max(shortestMs, (entriesEach * 1_000) / this.rate));
  }
}
