import { RedisServer } from "../tests/support/redis-server";
import { measureBrowsers } from "./browser-relay";
import { type Figures, figuresOf, printTable } from "./latencies";
import type { Load } from "./pace";
import { positiveOptions } from "./positive-options";
import { measureRedis } from "./redis-relay";
import { startTwoReplicas } from "./two-replicas";
import { measureWire, visitorsEach } from "./wire-relay";

/**
 * How long a message takes from a visitor of one replica to a visitor of the other: `npm run build && npm run bench`.
 * Options: `-- --seconds 10 --rate 50`. Exits with 1 when the goal is missed.
 */

/** Milliseconds from browser to browser that we promise at 50 messages a second. */
const goal = { p50: 10, p99: 50 };

async function measure(load: Load): Promise<[string, Figures][]> {
  const redis = await RedisServer.start();
  const [one, other] = await startTwoReplicas(redis);
  try {
    return [
      ["Redis alone: PUBLISH to SUBSCRIBE", figuresOf(await measureRedis(redis.url, load))],
      [
        `connection to connection, ${visitorsEach} visitors on each replica`,
        figuresOf(await measureWire(one, other, load)),
      ],
      ["browser to browser, through the chat page", figuresOf(await measureBrowsers(one, other, load))],
    ];
  } finally {
    await Promise.all([one.kill(), other.kill()]);
    await redis.stop();
  }
}

const load: Load = positiveOptions({ seconds: 10, rate: 50 });
console.log(`Two replicas over one Redis, ${load.rate} messages a second for ${load.seconds} s\n`);
const rows = await measure(load);
printTable(rows);
const reached = rows.at(-1)?.[1];
const isReached = reached !== undefined && reached.p50 < goal.p50 && reached.p99 < goal.p99;
console.log(
  `\nGoal, browser to browser: p50 under ${goal.p50} ms, p99 under ${goal.p99} ms: ${isReached ? "reached" : "missed"}`,
);
process.exitCode = isReached ? 0 : 1;
