import { isDeepStrictEqual } from "node:util";
import { storeIsFull } from "../../errors";
import { type Journal, noJournal } from "../../journal/journal";
import { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import {
  type Compared,
  growing,
  notCompared,
  type Question,
  Records,
  type Write,
  type WriteOptions,
} from "../records";
import { kindOf, questionCommands, writeCommands } from "./commands";
import { KeptRecords } from "./kept-records";

type Command = (kept: KeptRecords, key: string, ...args: unknown[]) => unknown;
type ComparedAnswer = [question: Question, answer: unknown];

/** The embedded store: one process, the same contract as Redis. Without a journal nothing is kept when it ends. */
export class MemoryRecords extends Records {
  readonly isLasting: boolean;
  private readonly kept: KeptRecords;

  constructor(
    clock: Clock,
    private readonly bytes = new ByteCount(),
    private readonly journal: Journal = noJournal,
  ) {
    super();
    this.isLasting = journal.isLasting;
    this.kept = new KeptRecords(clock, bytes, journal);
  }

  protected async answerAll(
    questions: readonly Question[],
  ): Promise<{ answers: unknown[]; compared: Compared[] }> {
    const answers = questions.map((question) => this.answer(question));
    const asked = questions.map((question, index): ComparedAnswer => [question, answers[index]]);
    await this.journal.kept();
    return { answers, compared: asked.filter(([{ ask }]) => !notCompared.has(ask)) };
  }

  protected async commit(
    compared: readonly Compared[],
    writes: readonly Write[],
    { evenWhenFull = false }: WriteOptions = {},
  ): Promise<unknown[] | undefined> {
    const hasChanged = ([question, answer]: ComparedAnswer) =>
      !isDeepStrictEqual(this.answer(question), answer);
    if ((compared as readonly ComparedAnswer[]).some(hasChanged)) return undefined;
    if (!evenWhenFull && this.bytes.isFull && writes.some(({ write }) => growing.has(write)))
      throw storeIsFull();
    for (const { write, key } of writes) this.kept.open(key, kindOf[write]);
    this.kept.dropLapsed();
    const results = writes.map(({ write, key, args }) =>
      (writeCommands[write] as Command)(this.kept, key, ...args),
    );
    await this.journal.kept();
    return results;
  }

  private answer({ ask, key, args }: Question): unknown {
    return (questionCommands[ask] as Command)(this.kept, key, ...args);
  }
}
