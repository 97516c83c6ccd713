import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connectNewcomer } from "../tests/siege/newcomer";
import { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";
import type { WireVisitor } from "../tests/support/wire-visitor";
import { figuresOf } from "./latencies";

const usage = `What a shared address is refused: a school whose visitors come one after another, and talk.
  npm run build && npm run bench:school -- [options]
  --visitors 300   how many, all from one IPv4 address, over two replicas
  --minutes 5      within how many they come
  --messages 3     how many they write a second, all together, in turns; each no more than one in two seconds
It exits with 1 when anybody was refused, or asked for more than 300 ms of work.`;

const mostWorkMs = 300;
/** The least time between two messages of one visitor: a person types no faster. */
const turnMs = 2_000;
/** On a quiet machine the last message has been shown by then. */
const settleMs = 1_000;

function readOptions() {
  const options = {
    visitors: { type: "string", default: "300" },
    minutes: { type: "string", default: "5" },
    messages: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  } as const;
  const { help, ...values } = parseArgs({ options }).values;
  if (help) return undefined;
  const visitors = Number(values.visitors);
  const minutes = Number(values.minutes);
  const messages = Number(values.messages);
  if (!Number.isInteger(visitors) || visitors < 2) throw new Error("--visitors is a whole number above 1");
  if (!(minutes > 0 && messages > 0)) throw new Error("--minutes and --messages are numbers above 0");
  return { visitors, minutes, messages };
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

/** One school's morning: the visitors, their refusals, and how long each message took to reach all others. */
class School {
  readonly refusals: string[] = [];
  readonly workMs: number[] = [];
  readonly deliveryMs: number[] = [];
  said = 0;
  /** Each visitor and the time of its last message; the visitor whose turn is next comes first. */
  readonly turns = new Map<WireVisitor, number>();

  constructor(private readonly urls: readonly string[]) {}

  async arrive(number: number): Promise<void> {
    const url = this.urls[number % this.urls.length] ?? "";
    try {
      const headers = { "x-forwarded-for": "198.51.100.7" };
      const { visitor, workMs } = await connectNewcomer({ url, headers });
      if (workMs > 0) this.workMs.push(workMs);
      await visitor.join("lobby");
      visitor.socket.on("feed:appended", ({ entries }: { entries: { text?: string }[] }) => {
        for (const { text } of entries)
          if (text !== undefined) this.deliveryMs.push(performance.now() - Number(text));
      });
      this.turns.set(visitor, Number.NEGATIVE_INFINITY);
    } catch (error) {
      this.refused("to come in", error);
    }
  }

  async speak(): Promise<void> {
    const [speaker, spokeAt = 0] = this.turns.entries().next().value ?? [];
    if (speaker === undefined || performance.now() - spokeAt < turnMs) return;
    this.turns.delete(speaker);
    this.turns.set(speaker, performance.now());
    try {
      await speaker.say("lobby", `${performance.now()}`);
      this.said += 1;
    } catch (error) {
      this.refused("a message", error);
    }
  }

  leave(): void {
    for (const visitor of this.turns.keys()) visitor.close();
  }

  private refused(what: string, error: unknown): void {
    this.refusals.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function every(ms: number, endsAt: number, act: (number: number) => Promise<void>): Promise<void> {
  const running: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let number = 0; performance.now() < endsAt; number += 1) {
    running.push(act(number));
    await pause(Math.max(0, startedAt + (number + 1) * ms - performance.now()));
  }
  await Promise.all(running);
}

async function hold(urls: readonly string[], { visitors, minutes, messages }: Options): Promise<School> {
  const school = new School(urls);
  const lastsMs = minutes * 60_000;
  const endsAt = performance.now() + lastsMs;
  await Promise.all([
    every(lastsMs / visitors, endsAt, (number) =>
      number < visitors ? school.arrive(number) : Promise.resolve(),
    ),
    every(1_000 / messages, endsAt, () => school.speak()),
  ]);
  await pause(settleMs);
  return school;
}

const ms = (value: number): string => (Number.isNaN(value) ? "–" : `${value.toFixed(0)} ms`);

function print({ turns, refusals, workMs, deliveryMs, said }: School): void {
  const [deliveries, work] = [figuresOf(deliveryMs), figuresOf(workMs)];
  console.log(`${turns.size} came in; ${said} messages, ${deliveryMs.length} deliveries`);
  console.log(`delivery, p50 / p99: ${ms(deliveries.p50)} / ${ms(deliveries.p99)}`);
  const longest = Math.max(0, ...workMs);
  console.log(`asked for work: ${workMs.length}, p50 ${ms(work.p50)}, at most ${ms(longest)}`);
  console.log(`refused: ${refusals.length}${refusals.length > 0 ? `, first ${refusals[0]}` : ""}`);
}

async function measure(options: Options): Promise<void> {
  const redis = await RedisServer.start();
  const environment = {
    SESSION_SECRET: randomBytes(32).toString("hex"),
    TRUST_PROXY_HOPS: "1",
    LOG_LEVEL: "warn",
    REDIS_URL: redis.url,
    REPLICAS: "2",
  };
  const replicas: Replica[] = [];
  try {
    for (let index = 0; index < 2; index += 1) replicas.push(await Replica.start(environment));
    const school = await hold(
      replicas.map(({ url }) => url),
      options,
    );
    print(school);
    if (school.refusals.length > 0 || school.workMs.some((each) => each > mostWorkMs)) process.exitCode = 1;
    school.leave();
  } finally {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await redis.stop();
  }
}

const options = readOptions();
if (options === undefined) console.log(usage);
else await measure(options);
