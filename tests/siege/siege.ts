import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Child, startChild } from "../support/child";
import { compiled } from "../support/compiled";
import { cpuOf, cpuOfRedis, memoryOf } from "../support/processes";
import { RedisServer } from "../support/redis-server";
import { Replica } from "../support/replica";
import { until } from "../support/until";
import { connectVisitor } from "../support/wire-visitor";
import type { Orders } from "./attacker";
import type { AttackName } from "./attacks";
import { type Evidence, HonestVisitors, type Kept } from "./honest";
import { emptyTally, type Tally } from "./rogue";

/** "replicas": two, over one Redis. "alone": one process of 512 MB without Redis. */
export type Site = "replicas" | "alone";

export type Outcome = {
  honest: Evidence & { kept: Kept };
  attacker: Tally;
  seconds: number;
  /** Shares of one core. */
  cpu: { replicas: number[]; redis: number };
  /** The growth of the store meanwhile; for a process alone, of its memory. */
  grownBytes: number;
  /** The growth within a minute: as measured, and for the rest of the minute at the rate of the second half. */
  grownInMinuteBytes: number;
  isAlive: boolean;
};

const fullRoom = 10_000;

/** A site with honest visitors, attacked from one address after another. */
export class Siege {
  private attackers = 0;

  private constructor(
    private readonly replicas: readonly Replica[],
    private readonly redis: RedisServer | undefined,
    private readonly honest: HonestVisitors,
  ) {}

  static async open(site: Site, { isRoomFull = false } = {}): Promise<Siege> {
    const redis = site === "replicas" ? await RedisServer.start() : undefined;
    const environment = {
      SESSION_SECRET: randomBytes(32).toString("hex"),
      TRUST_PROXY_HOPS: "1",
      LOG_LEVEL: "warn",
      ...(redis ? { REDIS_URL: redis.url, REPLICAS: "2" } : { NODE_OPTIONS: "--max-old-space-size=512" }),
    };
    const replicas: Replica[] = [];
    try {
      if (redis && isRoomFull) await fillLobby(environment);
      replicas.push(await Replica.start(environment));
      if (redis) replicas.push(await Replica.start(environment));
      const [first, second = first] = replicas.map(({ url }) => url) as [string, string?];
      return new Siege(replicas, redis, await HonestVisitors.arrive({ urls: [first, second] }));
    } catch (error) {
      await end(replicas, redis);
      throw error;
    }
  }

  /** Runs one attack from an address of its own, or measures peace if there is no attack. */
  async last(seconds: number, attack?: AttackName, mostSockets?: number): Promise<Outcome> {
    const { replicas, redis, honest } = this;
    const [usedBefore, before] = [await usedBytes(redis, replicas), await computed(redis, replicas)];
    this.attackers += 1;
    const orders = {
      urls: replicas.map(({ url }) => url),
      address: `203.0.${this.attackers}.7`,
      victim: honest.victimId,
      seconds,
      ...(mostSockets !== undefined && { mostSockets }),
    };
    const attacking = attack && (await attackBy({ ...orders, attack }));
    const startedAt = performance.now();
    const [attacker, evidence, usedHalfway] = await Promise.all([
      attacking?.tally ?? emptyTally(),
      honest.live(seconds),
      pause(500 * seconds).then(() => usedBytes(redis, replicas)),
    ]);
    const ms = performance.now() - startedAt;
    const after = await computed(redis, replicas);
    const usedAfter = await usedBytes(redis, replicas);
    const [grownBytes, grownLateBytes] = [usedAfter - usedBefore, Math.max(0, usedAfter - usedHalfway)];
    const lateShare = Math.max(0, 60_000 - ms) / (ms - 500 * seconds);
    return {
      honest: { ...evidence, kept: await honest.lookBack() },
      attacker,
      seconds: ms / 1_000,
      cpu: {
        replicas: after.replicas.map((each, index) => (each - (before.replicas[index] ?? 0)) / ms),
        redis: (after.redis - before.redis) / ms,
      },
      grownBytes,
      grownInMinuteBytes: grownBytes + grownLateBytes * lateShare,
      isAlive: replicas.every((replica) => replica.isRunning()),
    };
  }

  async close(): Promise<void> {
    this.honest.leave();
    await end(this.replicas, this.redis);
  }
}

async function end(replicas: readonly Replica[], redis: RedisServer | undefined): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await redis?.stop();
}

/**
 * The harms, one a line; empty when the site withstood. Latencies are judged only by bench/siege.ts, on a quiet
 * machine.
 */
export function harmsOf({ honest, isAlive }: Outcome): string[] {
  const { lost, refusals, kept } = honest;
  return [
    ...(isAlive ? [] : ["a process has ended"]),
    ...(lost > 0 ? [`${lost} acknowledged messages were lost`] : []),
    ...(refusals.length > 0 ? [`${refusals.length} honest things were refused, first ${refusals[0]}`] : []),
    ...(kept.message ? [] : ["what was said before is gone"]),
    ...(kept.room ? [] : ["the honest room is not in the list"]),
    ...(kept.conversation ? [] : ["the friend's conversation is not in the list"]),
  ];
}

/** Resolves when the attack has begun; its tally when it is over. */
async function attackBy(orders: Orders): Promise<{ tally: Promise<Tally> }> {
  const child = startChild(process.execPath, [compiled("tests/siege/attacker.ts"), JSON.stringify(orders)], {
    env: process.env,
  });
  await until("the attack", () => !child.isRunning() || child.written("stdout") !== "");
  return { tally: tallyOf(child) };
}

async function tallyOf(child: Child): Promise<Tally> {
  await child.exit;
  const last = child.written("stdout").trim().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(last) as Tally;
  } catch {
    throw new Error(`the attacker failed:\n${child.output()}`);
  }
}

/** Writes through a replica without limits, which ends before the siege begins. */
async function fillLobby(environment: Record<string, string>): Promise<void> {
  const replica = await Replica.start({ ...environment, RATE_LIMITS: "off" });
  const writer = await connectVisitor({ url: replica.url });
  await writer.join("lobby");
  for (let first = 0; first < fullRoom; first += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => writer.say("lobby", `line ${first + index}`)),
    );
  writer.close();
  await replica.kill();
}

async function computed(redis: RedisServer | undefined, replicas: readonly Replica[]) {
  return {
    redis: redis ? await cpuOfRedis(redis) : 0,
    replicas: replicas.map((replica) => (replica.isRunning() ? cpuOf(replica.pid) : Number.NaN)),
  };
}

async function usedBytes(redis: RedisServer | undefined, replicas: readonly Replica[]): Promise<number> {
  if (redis) return Number(/^used_memory:(\d+)/m.exec(await redis.client.info("memory"))?.[1]);
  return replicas.reduce((sum, { pid }) => sum + memoryOf(pid), 0);
}
