import { RawClient } from "../tests/support/raw-client";
import { RedisServer } from "../tests/support/redis-server";
import type { Replica } from "../tests/support/replica";
import { TcpFront } from "../tests/support/tcp-front";
import { until } from "../tests/support/until";
import { connectVisitor } from "../tests/support/wire-visitor";
import { type Figures, figuresOf, median } from "./latencies";
import { positiveOptions } from "./positive-options";
import { startTwoReplicas } from "./two-replicas";
import { measureWire } from "./wire-relay";

/**
 * What a slow reader costs the others: `npm run build && npm run bench:slow`. It does the same work in turns without a
 * slow reader, with one that reads nothing, and with one that catches up page by page over a slow link, and reports
 * medians over the rounds. Options: `-- --seconds 8 --rate 50 --rounds 3`.
 */

/** 9 MB, more than the kernel buffers for a connection that is not read. */
const fill = Array.from({ length: 600 }, (_, number) => `${number} ${"👩‍👩‍👧‍👦".repeat(600)}`);
/** Slow enough to last for a whole measurement. */
const linkBytesPerSecond = 512 * 1024;

const conditions = ["all read", "one reads nothing", "one reads slowly"] as const;
type Condition = (typeof conditions)[number];

type Rival = { close(): unknown };

async function slowCount(replica: Replica): Promise<number> {
  const text = await (await replica.get("/api/metrics")).text();
  return Number(text.match(/^madang_slow_connections (\d+)$/m)?.[1]);
}

/** Fills the room while one reader falls behind, if the condition has a slow reader. Returns the things to close. */
async function fallBehind(condition: Condition, from: Replica, to: Replica): Promise<Rival[]> {
  const speaker = await connectVisitor({ url: from.url });
  const { cursor } = await speaker.join("lobby");
  const silent = condition === "one reads nothing" ? await RawClient.join(to.url, "lobby") : undefined;
  silent?.stopReading();
  for (let first = 0; first < fill.length; first += 50)
    await Promise.all(fill.slice(first, first + 50).map((text) => speaker.say("lobby", text)));
  speaker.close();
  if (silent !== undefined) {
    await until("it is slow", async () => (await slowCount(to)) === 1);
    return [silent];
  }
  if (condition === "all read") return [];
  const front = await TcpFront.start([to.port]);
  front.bytesPerSecond = linkBytesPerSecond;
  const reader = await connectVisitor({ url: front.url });
  await reader.join("lobby", cursor);
  return [reader, front];
}

const { seconds, rate, rounds } = positiveOptions({ seconds: 8, rate: 50, rounds: 3 });

const redis = await RedisServer.start();
const [from, to] = await startTwoReplicas(redis);
const measured = new Map<Condition, Figures[]>(conditions.map((condition) => [condition, []]));
try {
  for (let round = 0; round < rounds; round += 1)
    for (const condition of conditions) {
      const rivals = await fallBehind(condition, from, to);
      measured.get(condition)?.push(figuresOf(await measureWire(from, to, { seconds, rate })));
      for (const rival of rivals) await rival.close();
    }
} finally {
  await Promise.all([from.kill(), to.kill()]);
  await redis.stop();
}

const medians = (condition: Condition) => {
  const figures = measured.get(condition) ?? [];
  return { p50: median(figures.map(({ p50 }) => p50)), p99: median(figures.map(({ p99 }) => p99)) };
};
const without = medians("all read");
console.log(`${rate} messages a second, latency of those who read, medians of ${rounds} rounds`);
for (const condition of conditions) {
  const { p50, p99 } = medians(condition);
  const ratios = `${(p50 / without.p50).toFixed(2)} and ${(p99 / without.p99).toFixed(2)} times`;
  console.log(`${condition.padEnd(18)} p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  ${ratios}`);
}
