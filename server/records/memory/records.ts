import { isDeepStrictEqual } from "node:util";
import { storeIsFull } from "../../errors";
import { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import {
  growing,
  passing,
  type Question,
  Records,
  type Seen,
  type Write,
  type WriteOptions,
} from "../records";
import { kindOf, questionCommands, writeCommands } from "./commands";
import { KeptRecords } from "./kept-records";

type Command = (kept: KeptRecords, key: string, ...args: unknown[]) => unknown;
type SeenAnswer = [question: Question, answer: unknown];

/** The embedded store: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryRecords extends Records {
  readonly isLasting = false;
  private readonly kept: KeptRecords;

  constructor(
    clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {
    super();
    this.kept = new KeptRecords(clock, bytes);
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
    for (const { write, key } of writes) this.kept.open(key, kindOf[write]);
    this.kept.dropLapsed();
    return writes.map(({ write, key, args }) => (writeCommands[write] as Command)(this.kept, key, ...args));
  }

  private answer({ ask, key, args }: Question): unknown {
    return (questionCommands[ask] as Command)(this.kept, key, ...args);
  }
}
