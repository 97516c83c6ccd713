import type { Entry, HistoryAnswer, JoinAnswer, RemovalEntry, VisitorId } from "../../protocol/events";
import {
  type Appended,
  answersIn,
  type Evidence,
  type Finding,
  type LogLine,
  type Skipped,
  type VisitorLog,
  visitorOf,
} from "./log";

/** The breaches in what each visitor received, judged for each connection by the wire's rules F-0, F-1, F-3 and C-1. */
export type FeedBreaches = {
  holes: string[];
  repeats: string[];
  gaps: string[];
  order: string[];
  shown: string[];
};

type Place = { epoch: string; seq: number };

export function judgeFeeds({ visitors, findings }: Evidence): FeedBreaches {
  const breaches: FeedBreaches = { holes: [], repeats: [], gaps: [], order: [], shown: [] };
  for (const finding of findings) {
    judgeNumbers(finding, breaches);
    for (const visitor of visitors.filter(({ room }) => room === finding.room)) {
      const truth = new Truth(finding, visitorOf(visitor));
      const replay = new Replay(visitor, breaches);
      for (const entry of replay.given)
        if (!truth.allows(entry))
          breaches.order.push(`${visitor.label} was given another entry ${entry.seq} than history has`);
      judgeShown(visitor, finding, truth, breaches);
    }
  }
  return breaches;
}

/** A room's history, as a visitor may be given it. */
class Truth {
  private readonly entries = new Map<number, Entry>();
  private readonly removed = new Set<number>();
  /** The second numbers of messages that were withheld and then published, by the first. */
  private readonly published = new Map<number, number>();

  constructor(
    { entries }: Finding,
    private readonly reader: VisitorId,
  ) {
    for (const entry of entries) {
      this.entries.set(entry.seq, entry);
      if (entry.kind === "removed") this.removed.add(entry.seq);
      if (entry.kind === "published") this.published.set(entry.message.seq, entry.seq);
    }
  }

  /** Whether history has this entry at that number, or had it before its text was removed. */
  allows(given: Entry): boolean {
    const isText = given.kind === "message" || given.kind === "published";
    return this.isAsIn(given, "history") || (this.removed.has(given.seq) && isText);
  }

  /** Whether a page may show this once all is quiet. */
  shows(given: Entry): boolean {
    return this.isAsIn(given, "page");
  }

  private isAsIn(given: Entry, place: "history" | "page"): boolean {
    const entry = this.entries.get(given.seq);
    if (entry === undefined) return false;
    const { seq, at } = entry;
    const hidden = { seq, at, kind: "withheld" };
    const isHidden = JSON.stringify(given) === JSON.stringify(hidden);
    // The page itself adds this line.
    if (entry.kind === "removed" && given.kind === "removed") return given.at === at;
    // Others are not told that a withheld message was removed, nor its author that it was published.
    if (entry.kind === "removed") return isHidden;
    if (entry.kind === "removal") return isHidden || isPartOf(given, entry);
    if (entry.kind === "published") {
      const { message } = entry;
      if (message.by.id === this.reader) return isHidden;
      const line = { ...message, writtenAs: message.seq, seq, at };
      return JSON.stringify(given) === JSON.stringify(place === "page" ? line : entry);
    }
    if (entry.kind !== "message") return JSON.stringify(given) === JSON.stringify(entry);
    const { withheld, ...plain } = entry;
    if (withheld === true && entry.by.id !== this.reader) {
      const shownAs = this.published.get(seq);
      return isHidden || JSON.stringify(given) === JSON.stringify({ ...hidden, shownAs });
    }
    return JSON.stringify(given) === JSON.stringify(plain);
  }
}

/** A published message has two numbers, and each reader is told only of the one under which it has the message. */
function isPartOf(given: Entry, { targets, ...removal }: RemovalEntry): boolean {
  if (given.kind !== "removal") return false;
  const { targets: told, ...rest } = given;
  const isOfThese = told.length > 0 && told.every((seq) => targets.includes(seq));
  return isOfThese && JSON.stringify(rest) === JSON.stringify(removal);
}

function judgeNumbers({ room, entries }: Finding, { order }: FeedBreaches): void {
  entries.forEach(({ seq, at }, index) => {
    if (seq !== index + 1) order.push(`${room}: entry ${seq} stands at place ${index + 1}`);
    if (at < (entries[index - 1]?.at ?? 0)) order.push(`${room}: the time of ${seq} goes back`);
  });
}

/** A page with more lines drops the oldest. */
export const mostShown = 5_000;

/** Every entry from before the quiet must be shown exactly once: the page has scrolled back to the first. */
function judgeShown(
  { label, shown }: VisitorLog,
  { epoch, entries }: Finding,
  truth: Truth,
  { shown: breaches, repeats }: FeedBreaches,
): void {
  if (shown === undefined) return;
  const seqs = shown.flatMap((line) => (line.kind === "gap" ? [] : [line.seq]));
  const first = entries.length < mostShown ? 1 : (seqs[0] ?? 1);
  const last = seqs.at(-1) ?? 0;
  const times = new Map<number, number>();
  for (const seq of seqs) times.set(seq, (times.get(seq) ?? 0) + 1);
  for (const [seq, count] of times) if (count > 1) repeats.push(`${label} shows entry ${seq} ${count} times`);
  for (const line of shown)
    if (line.kind !== "gap" && !truth.shows(line))
      breaches.push(`${label} shows another entry ${line.seq} than history has (epoch ${epoch})`);
  // The pages were read before the visitors left; notices of late readers may have come after that, too.
  const quietEnd = entries.findLastIndex(({ kind }) => kind === "message") + 1;
  for (let seq = first; seq <= Math.max(last, quietEnd); seq += 1)
    if (!times.has(seq)) breaches.push(`${label} does not show entry ${seq}`);
}

/** Replays one visitor's log, and checks it as a careful reader of the wire would. */
class Replay {
  readonly given: Entry[] = [];
  private readonly places = new Map<number, Place>();

  constructor(
    private readonly log: VisitorLog,
    private readonly breaches: FeedBreaches,
  ) {
    const answers = new Map(answersIn(log).map((answer) => [answer.ask, answer]));
    for (const line of log.lines) {
      if (line.is === "heard") this.hear(line);
      const answer = line.is === "answered" ? answers.get(line.ask) : undefined;
      if (answer?.answer.ok !== true) continue;
      const { command, input } = answer.question;
      if (command === "room:join")
        this.join(line.connection, answer.answer as JoinAnswer & { ok: true }, input);
      if (command === "history:read")
        this.given.push(...(answer.answer as HistoryAnswer & { ok: true }).entries);
    }
  }

  private join(connection: number, answer: JoinAnswer, { cursor: asked }: Record<string, unknown>): void {
    const { entries, cursor, gap } = answer;
    const before = { epoch: cursor.epoch, seq: (entries[0]?.seq ?? cursor.seq + 1) - 1 };
    if (gap !== undefined) this.note("gaps", `was told of a gap on joining: ${JSON.stringify(gap)}`);
    const isResumed = asked !== undefined && gap === undefined;
    this.places.set(connection, isResumed ? (asked as Place) : before);
    this.take(connection, cursor.epoch, entries);
    const place = this.places.get(connection);
    if (place?.seq !== cursor.seq)
      this.note("holes", `the join's cursor is ${cursor.seq} after ${place?.seq}`);
  }

  private hear({ event, body, connection }: LogLine & { is: "heard" }): void {
    if (event === "feed:appended") {
      const { epoch, entries } = body as Appended;
      this.take(connection, epoch, entries);
    }
    if (event === "feed:gap") {
      const { gap, cursor } = body as Skipped;
      this.note("gaps", `was told of a gap: ${JSON.stringify(gap)}`);
      this.places.set(connection, cursor);
    }
  }

  private take(connection: number, epoch: string, entries: readonly Entry[]): void {
    for (const entry of entries) {
      const place = this.places.get(connection);
      if (place === undefined) this.note("holes", `was given ${entry.seq} before it had joined`);
      else if (epoch !== place.epoch)
        this.note("holes", `epoch ${epoch} after ${place.epoch} without a word`);
      else if (entry.seq > place.seq + 1) this.note("holes", `was given ${entry.seq} after ${place.seq}`);
      else if (entry.seq <= place.seq) this.note("repeats", `was given ${entry.seq} after ${place.seq}`);
      this.places.set(connection, { epoch, seq: Math.max(entry.seq, place?.seq ?? 0) });
      this.given.push(entry);
    }
  }

  private note(kind: "holes" | "repeats" | "gaps", what: string): void {
    this.breaches[kind].push(`${this.log.label} in ${this.log.room} ${what}`);
  }
}
