import { isDeepStrictEqual } from "node:util";
import { ChatError, storeIsFull } from "../../errors";
import { ByteCount, bytesOf } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import {
  growing,
  passing,
  type Question,
  type QuestionTypes,
  Records,
  type Scored,
  type ScoreRange,
  type Seen,
  type Write,
  type WriteOptions,
  type WriteTypes,
} from "../records";

type Kind = "value" | "count" | "map" | "set" | "list" | "log";
/**
 * `value`: of a value or a counter. `entries`: a map's fields, a set's members (each with itself), a list's scores, a
 * log's texts by their positions.
 * `lapsesAt`: `Infinity` without a lifetime.
 */
type Kept = {
  kind: Kind;
  value: string | number;
  entries: Map<string, string | number>;
  lapsesAt: number;
  bytes: number;
};

type SeenAnswer = [question: Question, answer: unknown];

/**
 * How many records of one family with a lifetime are kept, the least recently used forgotten first: a bound on memory.
 * Each family has its own, so a flood of new visitors pushes out neither blocks nor quotas.
 */
const maxLapsing = 100_000;
/** The part of a key behind its hash tag, such as `visits` of `directory:{visitor}:visits`. */
const familyOf = (key: string): string => /\}:(\w+)/.exec(key)?.[1] ?? key;
/** How many records each write checks for a lifetime that has ended: more than one write makes. */
const checkedAtOnce = 10;
/** Bytes of a record, and of each of its entries, without their texts: measured, rounded up. */
const [recordBytes, entryBytes] = [300, 60];

/** The embedded store: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryRecords extends Records {
  readonly isLasting = false;
  private readonly lasting = new Map<string, Kept>();
  /** By family, the least recently used first. */
  private readonly lapsing = new Map<string, Map<string, Kept>>();
  private checking = this.allLapsing();
  /** The position of the entry that any log got last. */
  private lastPosition = 0;

  constructor(
    private readonly clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {
    super();
  }

  protected async look(questions: readonly Question[]): Promise<{ answers: unknown[]; seen: Seen[] }> {
    const answers = questions.map((question) => this.answer(question));
    const seen = questions.map((question, index): SeenAnswer => [question, answers[index]]);
    return { answers, seen: seen.filter(([{ ask }]) => !passing.has(ask)) };
  }

  protected async commit(
    seen: readonly Seen[],
    writes: readonly Write[],
    { evenWhenFull = false }: WriteOptions = {},
  ): Promise<unknown[] | undefined> {
    const hasChanged = ([question, answer]: SeenAnswer) => !isDeepStrictEqual(this.answer(question), answer);
    if ((seen as readonly SeenAnswer[]).some(hasChanged)) return undefined;
    if (!evenWhenFull && this.bytes.isFull && writes.some(({ write }) => growing.has(write)))
      throw storeIsFull();
    for (const { write, key } of writes) this.open(key, kindOf[write]);
    this.dropLapsed();
    return writes.map(({ write, key, args }) =>
      (this.writes[write] as (key: string, ...args: unknown[]) => unknown)(key, ...args),
    );
  }

  private answer({ ask, key, args }: Question): unknown {
    return (this.questions[ask] as (key: string, ...args: unknown[]) => unknown)(key, ...args);
  }

  private readonly questions: {
    [K in keyof QuestionTypes]: (
      key: string,
      ...args: Parameters<QuestionTypes[K]>
    ) => ReturnType<QuestionTypes[K]>;
  } = {
    now: () => this.clock.now(),
    leftMs: (key) => Math.max(0, (this.find(key)?.lapsesAt ?? 0) - this.clock.now()),
    value: (key) => this.open(key, "value")?.value as string | undefined,
    count: (key) => (this.open(key, "count")?.value as number | undefined) ?? 0,
    field: (key, name) => this.entriesOf(key, "map").get(name) as string | undefined,
    fields: (key) => new Map(this.entriesOf(key, "map") as Map<string, string>),
    has: (key, ...members) => members.map((member) => this.entriesOf(key, "set").has(member)),
    members: (key) => [...this.entriesOf(key, "set").keys()],
    some: (key, most) => [...this.entriesOf(key, "set").keys()].slice(0, most),
    size: (key) => this.entriesOf(key, "set").size,
    scores: (key, ...members) =>
      members.map((member) => this.entriesOf(key, "list").get(member) as number | undefined),
    listed: (key, range) => inRange(this.entriesOf(key, "list") as Map<string, number>, range),
    length: (key) => this.entriesOf(key, "list").size,
    lastPosition: (key) => [...this.entriesOf(key, "log").keys()].at(-1) ?? "0",
    since: (key, position) =>
      [...(this.entriesOf(key, "log") as Map<string, string>)].filter(
        ([at]) => Number(at) > Number(position),
      ),
  };

  private readonly writes: {
    [K in keyof WriteTypes]: (key: string, ...args: Parameters<WriteTypes[K]>) => ReturnType<WriteTypes[K]>;
  } = {
    remove: (key) => this.forget(key),
    keep: (key, ms) => this.prolong(key, ms),
    keepAtLeast: (key, ms) => {
      const left = this.questions.leftMs(key);
      if (left < ms || left === Number.POSITIVE_INFINITY) this.prolong(key, ms);
      return this.questions.leftMs(key);
    },
    put: (key, value, keptMs) => {
      this.forget(key);
      this.setValue(key, "value", value);
      if (keptMs !== undefined) this.prolong(key, keptMs);
    },
    take: (key) => {
      const value = this.questions.value(key);
      this.forget(key);
      return value;
    },
    increment: (key) => {
      const count = this.questions.count(key) + 1;
      this.setValue(key, "count", count);
      return count;
    },
    setField: (key, name, value) => this.setEntry(key, "map", name, value),
    removeField: (key, name) => this.dropEntries(key, [name]),
    add: (key, member) => {
      const isNew = !this.entriesOf(key, "set").has(member);
      this.setEntry(key, "set", member, member);
      return isNew;
    },
    drop: (key, ...members) => {
      const wasThere = members.some((member) => this.entriesOf(key, "set").has(member));
      this.dropEntries(key, members);
      return wasThere;
    },
    score: (key, ...scored) => {
      for (const [member, score] of scored) this.setEntry(key, "list", member, score);
    },
    raise: (key, ...scored) => {
      for (const [member, score] of scored) {
        const known = this.entriesOf(key, "list").get(member) as number | undefined;
        this.setEntry(key, "list", member, Math.max(score, known ?? score));
      }
    },
    stamp: (key, member) => {
      let last = 0;
      for (const score of this.entriesOf(key, "list").values()) last = Math.max(last, score as number);
      const moment = Math.max(this.clock.now(), last + 1);
      this.setEntry(key, "list", member, moment);
      return moment;
    },
    unlist: (key, ...members) => this.dropEntries(key, members),
    keepHighest: (key, most) => {
      const tooMany = this.questions.length(key) - most;
      if (tooMany > 0) this.unlistScored(key, this.questions.listed(key, { order: "lowest", most: tooMany }));
    },
    dropBelow: (key, least) => {
      const list = this.entriesOf(key, "list") as Map<string, number>;
      const below = [...list].filter(([, score]) => score < least);
      this.unlistScored(key, below);
    },
    append: (key, text, { most, ms }) => {
      this.lastPosition += 1;
      this.setEntry(key, "log", String(this.lastPosition), text);
      const positions = [...this.entriesOf(key, "log").keys()];
      if (positions.length > 2 * most) this.dropEntries(key, positions.slice(0, -most));
      this.prolong(key, ms);
    },
  };

  private find(key: string): Kept | undefined {
    const family = this.lapsing.get(familyOf(key));
    const lapsing = family?.get(key);
    if (family === undefined || lapsing === undefined) return this.lasting.get(key);
    if (lapsing.lapsesAt <= this.clock.now()) {
      this.forget(key);
      return undefined;
    }
    family.delete(key);
    family.set(key, lapsing);
    return lapsing;
  }

  private open(key: string, kind: Kind | undefined): Kept | undefined {
    const kept = this.find(key);
    if (kept !== undefined && kind !== undefined && kept.kind !== kind) throw new ChatError("internal");
    return kept;
  }

  private entriesOf(key: string, kind: Kind): Kept["entries"] {
    return this.open(key, kind)?.entries ?? new Map();
  }

  /** The record to write into; it is made when there is none. */
  private made(key: string, kind: Kind): Kept {
    const known = this.find(key);
    if (known !== undefined) return known;
    const kept = { kind, value: "", entries: new Map(), lapsesAt: Number.POSITIVE_INFINITY, bytes: 0 };
    this.lasting.set(key, kept);
    this.count(kept, recordBytes + bytesOf(key));
    return kept;
  }

  private setValue(key: string, kind: Kind, value: string | number): void {
    const kept = this.made(key, kind);
    this.count(kept, sizeOf(value) - sizeOf(kept.value));
    kept.value = value;
  }

  private setEntry(key: string, kind: Kind, name: string, value: string | number): void {
    const kept = this.made(key, kind);
    const known = kept.entries.get(name);
    if (known === undefined) this.count(kept, entryBytes + bytesOf(name) + sizeOf(value));
    else this.count(kept, sizeOf(value) - sizeOf(known));
    kept.entries.set(name, value);
  }

  private dropEntries(key: string, names: readonly string[]): void {
    const kept = this.find(key);
    for (const name of names) {
      const known = kept?.entries.get(name);
      if (kept === undefined || known === undefined) continue;
      kept.entries.delete(name);
      this.count(kept, -(entryBytes + bytesOf(name) + sizeOf(known)));
    }
    if (kept?.entries.size === 0) this.forget(key);
  }

  private unlistScored(key: string, scored: readonly Scored[]): void {
    this.dropEntries(
      key,
      scored.map(([member]) => member),
    );
  }

  private prolong(key: string, ms: number): void {
    const kept = this.find(key);
    if (kept === undefined) return;
    kept.lapsesAt = this.clock.now() + ms;
    this.lasting.delete(key);
    const family = this.lapsing.get(familyOf(key)) ?? new Map<string, Kept>();
    this.lapsing.set(familyOf(key), family.set(key, kept));
    const [oldest] = family.keys();
    if (family.size > maxLapsing && oldest !== undefined) this.forget(oldest);
  }

  private forget(key: string): void {
    const family = this.lapsing.get(familyOf(key));
    const kept = this.lasting.get(key) ?? family?.get(key);
    if (kept === undefined) return;
    this.bytes.free(kept.bytes);
    this.lasting.delete(key);
    family?.delete(key);
  }

  private count(kept: Kept, bytes: number): void {
    kept.bytes += bytes;
    this.bytes.add(bytes);
  }

  private *allLapsing(): Generator<[string, Kept], undefined> {
    for (const family of this.lapsing.values()) yield* family.entries();
  }

  /** Checks a few records at a time, so that those that nothing asks for are freed too. */
  private dropLapsed(): void {
    const now = this.clock.now();
    for (let checked = 0; checked < checkedAtOnce; checked += 1) {
      const { done, value } = this.checking.next();
      if (done) {
        this.checking = this.allLapsing();
        return;
      }
      const [key, { lapsesAt }] = value;
      if (lapsesAt <= now) this.forget(key);
    }
  }
}

const kindOf: Partial<Record<keyof WriteTypes, Kind>> = {
  put: "value",
  take: "value",
  increment: "count",
  setField: "map",
  removeField: "map",
  add: "set",
  drop: "set",
  score: "list",
  raise: "list",
  stamp: "list",
  unlist: "list",
  keepHighest: "list",
  dropBelow: "list",
  append: "log",
};

const sizeOf = (value: string | number): number => (typeof value === "number" ? 8 : bytesOf(value));

/** Equal scores stand in the order of their members, as in Redis. */
function inRange(list: ReadonlyMap<string, number>, { order, above, upTo, most }: ScoreRange): Scored[] {
  const found = [...list].filter(
    ([, score]) => (above === undefined || score > above) && (upTo === undefined || score <= upTo),
  );
  found.sort(([one, score], [other, otherScore]) => score - otherScore || (one < other ? -1 : 1));
  if (order === "highest") found.reverse();
  return found.slice(0, most);
}
