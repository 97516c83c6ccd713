import { createHash, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import pino from "pino";
import { Identity } from "../../server/accounts/identity";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { NetworkBudget, type Spending } from "../../server/limits/network-budget";
import { networkRatesFor } from "../../server/rates";
import type { Environment } from "./replica";

/** The key that a replica derives from SESSION_SECRET. */
const keyOf = (shared: Environment): Uint8Array =>
  createHash("sha256").update(`madang session ${shared.SESSION_SECRET}`).digest();

/** The token of a visitor that was first seen an hour ago. */
export async function longKnownToken(shared: Environment): Promise<string> {
  const visitor = randomBytes(12).toString("base64url");
  return new Identity([keyOf(shared)]).sign({ visitor, generation: 0, since: Date.now() - 3_600_000 });
}

/** The token of a visitor that has also written enough. */
export async function settledToken(shared: Environment, redis: Redis): Promise<string> {
  const token = await longKnownToken(shared);
  const { visitor } = await new Identity([keyOf(shared)]).verify(token);
  await redis.sadd(`${shared.REDIS_PREFIX}directory:{${visitor}}:written`, "lobby 1", "lobby 2", "lobby 3");
  return token;
}

/**
 * Uses up a network's shared budget of one kind for a quarter of an hour; each replica's local budget remains.
 */
export async function spendAll(
  kind: Spending["kind"],
  {
    shared,
    redis,
    network = "127.0.0.1" as Network,
  }: { shared: Environment; redis: Redis; network?: Network },
): Promise<void> {
  const spent = new Map<string, number>();
  const rates = {
    async take(group: string, takes: readonly { key: string }[]) {
      for (const { key } of takes) spent.set(`${shared.REDIS_PREFIX}directory:{@rate-${group}}:${key}`, 0);
      return takes.map(() => 0);
    },
  };
  const usual = networkRatesFor({ messagesPerSecond: 5, messageBurst: 10 });
  const of = { ...usual, [kind]: { shared: usual[kind].shared } };
  const budget = new NetworkBudget(
    { rates, clock: systemClock, logger: pino({ level: "silent" }) },
    { of, secret: keyOf(shared) },
  );
  await budget.take(network, kind);
  const spentMs = 900_000;
  for (const key of spent.keys()) await redis.set(key, String((Date.now() + spentMs) * 1_000), "PX", spentMs);
}

/** The storage of a browser that has this token from an earlier visit. */
export const tokenOf = ({ url }: { url: string }, token: string) => ({
  cookies: [],
  origins: [{ origin: url, localStorage: [{ name: "madang:token", value: token }] }],
});
