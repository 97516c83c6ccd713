import { ChatError } from "../../errors";
import type { StoreCommand, StoreConnection } from "../../redis/connection";
import { repliesOf } from "../../redis/replies";
import { defineRecordScripts, type RecordScripts } from "../../redis/scripts";
import { toChatError } from "../../redis/store-error";
import {
  type Compared,
  growing,
  notCompared,
  type Question,
  Records,
  type Write,
  type WriteOptions,
} from "../records";
import { RedisBatch } from "./batch";
import {
  questionCommands,
  type RecordCommand,
  typeOfWrite,
  type Word,
  writeCommands,
} from "./redis-commands";

/** A command that a step has asked with, and its reply. */
type ComparedReply = { words: Word[]; reply: unknown };

/**
 * Records as Redis's own strings, hashes, sets and sorted sets. Writes that stand on nothing read are plain commands in
 * one transaction.
 */
export class RedisRecords extends Records {
  readonly isLasting = true;
  private readonly scripts: RecordScripts;
  private readonly batch: RedisBatch;

  /** The caller owns the connection, and closes it. Every key begins with the prefix. */
  constructor(
    redis: StoreConnection,
    private readonly prefix: string,
  ) {
    super();
    this.scripts = defineRecordScripts(redis);
    this.batch = new RedisBatch(redis);
  }

  protected async answerAll(
    questions: readonly Question[],
  ): Promise<{ answers: unknown[]; compared: Compared[] }> {
    const asked = questions.map((question) => this.commandOf(question));
    const replies = await this.run(asked);
    const compared = asked.flatMap(({ words }, index): ComparedReply[] =>
      notCompared.has(questions[index]?.ask ?? "now") ? [] : [{ words, reply: replies[index] }],
    );
    return { answers: asked.map((command, index) => read(command, replies[index])), compared };
  }

  protected async commit(
    compared: readonly Compared[],
    asked: readonly Write[],
    { evenWhenFull = false }: WriteOptions = {},
  ): Promise<unknown[] | undefined> {
    // Redis refuses a script in a full store only at its first write.
    const writes = [...asked].sort((one, other) => Number(isGrowing(other)) - Number(isGrowing(one)));
    const parts = writes.map((each) => this.commandsOf(each));
    const replies = await this.runWrites(
      compared as readonly ComparedReply[],
      writes,
      parts.flat(),
      evenWhenFull,
    );
    if (replies === undefined) return undefined;
    const results = new Map<Write, unknown>();
    let next = 0;
    for (const [index, commands] of parts.entries()) {
      next += commands.length;
      const [write, last] = [writes[index], commands.at(-1)];
      if (write !== undefined && last !== undefined) results.set(write, read(last, replies[next - 1]));
    }
    return asked.map((each) => results.get(each));
  }

  private async runWrites(
    compared: readonly ComparedReply[],
    writes: readonly Write[],
    commands: readonly RecordCommand[],
    evenWhenFull: boolean,
  ): Promise<unknown[] | undefined> {
    const byScript = () => this.runScript(compared, writes, commands, evenWhenFull);
    if (compared.length > 0 || writes.some(({ write }) => write === "stamp")) return byScript();
    // A transaction that grows nothing would be refused in a full store too, at its first command.
    if (!writes.some(isGrowing) && commands.length > 1) return byScript();
    try {
      return await (commands.length > 1 ? this.runTogether(commands) : this.run(commands));
    } catch (error) {
      const isFull = error instanceof ChatError && error.code === "storage_full";
      if (isFull && evenWhenFull) return byScript();
      throw error;
    }
  }

  private async run(commands: readonly RecordCommand[]): Promise<unknown[]> {
    return repliesOf(await this.batch.send(commands.map((command) => [wordsOf(command)])));
  }

  /** One transaction. */
  private async runTogether(commands: readonly RecordCommand[]): Promise<unknown[]> {
    return repliesOf(await this.batch.send([commands.map(wordsOf)]))[0] as unknown[];
  }

  private async runScript(
    compared: readonly ComparedReply[],
    writes: readonly Write[],
    commands: readonly RecordCommand[],
    evenWhenFull: boolean,
  ): Promise<unknown[] | undefined> {
    const types = new Map<string, string>();
    for (const { key, write } of writes)
      types.set(this.prefix + key, typeOfWrite[write] ?? types.get(this.prefix + key) ?? "");
    const args: Word[] = [...types.values(), compared.length];
    for (const { words, reply } of compared) args.push(words.length, ...words, plain(reply));
    for (const { words } of commands) args.push(words.length, ...words);
    const script = this.scripts[evenWhenFull ? "commit-when-full" : "commit"];
    try {
      return ((await script([...types.keys()], args)) as unknown[] | null) ?? undefined;
    } catch (error) {
      throw toChatError(error);
    }
  }

  private commandOf({ ask, key, args }: Question): RecordCommand {
    return (questionCommands[ask] as (key: string, ...args: unknown[]) => RecordCommand)(
      this.prefix + key,
      ...args,
    );
  }

  private commandsOf({ write, key, args }: Write): RecordCommand[] {
    return (writeCommands[write] as (key: string, ...args: unknown[]) => RecordCommand[])(
      this.prefix + key,
      ...args,
    );
  }
}

const wordsOf = ({ words: [name, ...args] }: RecordCommand): StoreCommand => [String(name), ...args];
const isGrowing = ({ write }: Write): boolean => growing.has(write);
const read = ({ read: reader }: RecordCommand, reply: unknown): unknown => reader?.(reply as never);

/** As commit.lua writes a reply: each text with its length in bytes. */
function plain(reply: unknown): string {
  if (Array.isArray(reply)) return reply.map(plain).join("");
  if (reply === null || reply === undefined) return "-";
  const text = String(reply);
  return `${Buffer.byteLength(text)}:${text}`;
}
