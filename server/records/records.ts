import { ChatError } from "../errors";

/**
 * A small store of records, shared by all replicas. What a record means is written above it, once for every store.
 *
 * - A record is a value, a map, a set, a list ordered by scores, a log, or a counter; its first write makes it, and
 *   one that holds nothing does not exist. Its key has a hash tag in braces: all records that one write, or one step,
 *   names have the same tag, so that they are on one node. Reads may name any.
 * - Any record may have a lifetime: it lapses unless a later write prolongs it.
 * - Every method throws ChatError("unavailable"), within about a second, when the outcome is unknown;
 *   ChatError("internal") when something else wrote a record of another kind under that key; and
 *   ChatError("storage_full"), having written nothing, when the store is full and a write could make it grow. With
 *   `evenWhenFull` it is written all the same: for writes that take away, or whose few bytes must be kept.
 */
export abstract class Records {
  /** False when the records end with this process. */
  abstract readonly isLasting: boolean;

  /** The answers, in the order of the questions. Together they may not be of one moment. */
  async read<Q extends readonly Question[]>(...questions: Q): Promise<Answers<Q>> {
    return (await this.answerAll(questions)).answers as Answers<Q>;
  }

  /**
   * Carries out all the writes as one step, and returns what each answers. No two of them write the same value, field
   * or member of one record.
   */
  async write<W extends readonly Write[]>(
    writes: readonly [...W],
    options?: WriteOptions,
  ): Promise<Results<W>> {
    return (await this.commit([], writes, options)) as Results<W>;
  }

  /**
   * Runs the rule, which reads and then writes at most once, as its last act. If anything that it has read has changed
   * meanwhile, nothing is written and the rule runs again. So rules on any replicas take effect one after another.
   * `now`, `leftMs` and `some` change by themselves, so they are not compared.
   */
  async step<T>(rule: (step: Step) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const compared: Compared[] = [];
      const step: Step = {
        read: async <Q extends readonly Question[]>(...questions: Q) => {
          const answered = await this.answerAll(questions);
          compared.push(...answered.compared);
          return answered.answers as Answers<Q>;
        },
        write: async <W extends readonly Write[]>(writes: readonly [...W], options?: WriteOptions) => {
          const results = await this.commit(compared, writes, options);
          if (results === undefined) throw new Overtaken();
          return results as Results<W>;
        },
      };
      try {
        return await rule(step);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
    }
    throw new ChatError("unavailable");
  }

  protected abstract answerAll(
    questions: readonly Question[],
  ): Promise<{ answers: unknown[]; compared: Compared[] }>;

  /** Writes nothing and returns `undefined` when one of the compared answers has changed. */
  protected abstract commit(
    compared: readonly Compared[],
    writes: readonly Write[],
    options?: WriteOptions,
  ): Promise<unknown[] | undefined>;
}

/** How often a step is tried. When two steps meet, one succeeds, so only a crowd on one record uses this up. */
const maxAttempts = 100;

export type Step = Pick<Records, "read" | "write">;
export type WriteOptions = { evenWhenFull?: boolean };
/** A question that a step has asked, and its answer, in the form in which the store compares them. */
export type Compared = unknown;

class Overtaken extends Error {}

/** Members of a list by score, the lowest or the highest first. */
export type ScoreRange = { order: "lowest" | "highest"; above?: number; upTo?: number; most?: number };
export type Scored = [member: string, score: number];

/** Each question: its arguments, and the type of its answer. */
export interface QuestionTypes {
  /** Milliseconds since 1970, by the store's clock. */
  now(): number;
  /** Milliseconds until the record lapses: `Infinity` without a lifetime, 0 when there is no such record. */
  leftMs(): number;
  value(): string | undefined;
  count(): number;
  field(name: string): string | undefined;
  fields(): Map<string, string>;
  has(...members: string[]): boolean[];
  members(): string[];
  /** Members at random, `most` at most. */
  some(most: number): string[];
  size(): number;
  scores(...members: string[]): (number | undefined)[];
  listed(range: ScoreRange): Scored[];
  length(): number;
  /** The position of the log's last entry, after which `since` goes on. */
  lastPosition(): string;
  /** The entries after that position, the oldest first; those that gave way are skipped. */
  since(position: string): [position: string, text: string][];
}

/** Each write: its arguments, and the type of its answer. */
export interface WriteTypes {
  remove(): void;
  keep(ms: number): void;
  /** Returns the milliseconds that are then left. */
  keepAtLeast(ms: number): number;
  put(value: string, keptMs?: number): void;
  /** Removes the value and returns it. */
  take(): string | undefined;
  /** Adds one, and returns how many that makes. */
  increment(): number;
  setField(name: string, value: string): void;
  removeField(name: string): void;
  /** Returns whether it was not there. */
  add(member: string): boolean;
  /** Returns whether it was there. */
  drop(...members: string[]): boolean;
  score(...scored: Scored[]): void;
  /** The same, but a score that is higher already stays. */
  raise(...scored: Scored[]): void;
  /**
   * Puts the member last, under the store's time or a later moment; no two moments of a list are the same. Returns it.
   */
  stamp(member: string): number;
  unlist(...members: string[]): void;
  keepHighest(most: number): void;
  dropBelow(score: number): void;
  /** Appends to a log, whose oldest entries give way when they are many or old; it lapses after the last one. */
  append(text: string, kept: { most: number; ms: number }): void;
}

/** A question, or a write, as plain data. `key` is "" when it is about no record. */
export type Question<K extends keyof QuestionTypes = keyof QuestionTypes> = {
  [N in K]: { ask: N; key: string; args: Parameters<QuestionTypes[N]> };
}[K];
export type Write<K extends keyof WriteTypes = keyof WriteTypes> = {
  [N in K]: { write: N; key: string; args: Parameters<WriteTypes[N]> };
}[K];

export type Answers<Q extends readonly Question[]> = {
  [I in keyof Q]: ReturnType<QuestionTypes[Q[I]["ask"]]>;
};
export type Results<W extends readonly Write[]> = { [I in keyof W]: ReturnType<WriteTypes[W[I]["write"]]> };

/** Writes that a full store refuses. The others take away, or change a lifetime. */
export const growing: ReadonlySet<keyof WriteTypes> = new Set([
  "put",
  "increment",
  "setField",
  "add",
  "score",
  "raise",
  "stamp",
  "append",
]);

/** Questions whose answer changes by itself: a step does not compare them. */
export const notCompared: ReadonlySet<keyof QuestionTypes> = new Set(["now", "leftMs", "some"]);
