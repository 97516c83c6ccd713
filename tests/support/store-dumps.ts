import type { Config } from "../../server/config";
import { exportLines } from "../../server/dump/export";
import { importLines } from "../../server/dump/import";
import { openSource, openTarget } from "../../server/dump-stores";
import type { RedisCluster } from "./redis-cluster";
import type { WatchedRedis } from "./sentinels";
import { asTool } from "./store-acl";

export type Place = Pick<Config, "redis" | "dataDir" | "history">;

const base = { history: { limit: 10_000, bytes: 4_194_304, days: 30 } };

/** The store that the settings name. */
export const inFolder = (dataDir: string): Place => ({ ...base, redis: undefined, dataDir });
export const inRedis = (url: string, prefix: string): Place => ({
  ...base,
  redis: { url: asTool(url), prefix, tls: {} },
  dataDir: undefined,
});

export const inCluster = (cluster: RedisCluster, prefix: string): Place => ({
  ...base,
  redis: { url: asTool(cluster.url), cluster: cluster.addresses.slice(1, 3), prefix, tls: {} },
  dataDir: undefined,
});

export const overSentinels = ({ url, sentinels }: WatchedRedis, prefix: string): Place => ({
  ...base,
  redis: { url: asTool(url), sentinels, prefix, tls: {} },
  dataDir: undefined,
});

const noCounts = () => ({ rooms: 0, entries: 0, records: 0 });

const aSecret = "a secret";

/** The lines of the whole store; no secrets when `secret` is "". */
export async function dumped(place: Place, secret = aSecret): Promise<string[]> {
  const source = await openSource(place);
  try {
    const lines: string[] = [];
    for await (const line of exportLines({ source, secret: secret || undefined, at: 1 }, noCounts()))
      lines.push(line);
    return lines;
  } finally {
    await source.close();
  }
}

async function* each(lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

/** Fills a store from these lines. Returns the session secrets in them. */
export async function filled(
  place: Place,
  lines: readonly string[],
  hasNewEpochs = false,
): Promise<string[]> {
  const target = await openTarget(place);
  const secrets: string[] = [];
  const keepSecret = async (secret: string) => void secrets.push(secret);
  try {
    await importLines(each(lines), { target, hasNewEpochs, keepSecret }, noCounts());
  } finally {
    await target.close();
  }
  return secrets;
}

/** Sorts the members and items, whose order is not fixed. */
export const sorted = (lines: readonly string[]): string[] => [...lines].sort();
