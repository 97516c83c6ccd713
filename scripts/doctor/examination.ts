import type { Finding } from "./finding";
import { right, unknown } from "./finding";
import { checkIdle, checkOrigin, checkRelay, checkUpgrade } from "./links";
import { checkMetrics, checkPolicy, checkProxies, checkStore, checkUp, countReplicas } from "./requests";

/** `other`: the address of a second replica. `isRelayTried`: two visitors join the lobby for it. */
export type Examination = { site: URL; other?: URL | undefined; idleSeconds: number; isRelayTried: boolean };

/** Examines a running installation from outside, as a reader's browser sees it. */
export async function* examine({
  site,
  other,
  idleSeconds,
  isRelayTried,
}: Examination): AsyncIterable<Finding> {
  const up = await checkUp(site);
  yield up;
  if (up.is === "wrong") return;
  yield* await tried("the store", () => checkStore(site));
  yield* await tried("the proxies", () => checkProxies(site, other !== undefined));
  yield* await tried("the Content-Security-Policy", () => checkPolicy(site));
  yield* await tried("/api/metrics", () => checkMetrics(site));
  yield* await tried("the Origin", () => checkOrigin(site));
  const [upgrade = unknown("no upgrade was tried")] = await tried("the upgrade", () => checkUpgrade(site));
  yield upgrade;
  const replicas = await countReplicas(site).catch(() => 0);
  if (replicas > 1) yield right(`${replicas} replicas answer`);
  if (upgrade.is !== "right") return;
  if (isRelayTried) yield* await tried("the way between replicas", () => checkRelay(site, other ?? site));
  else
    yield unknown(
      "the way between replicas was not tried (--relay: two visitors join the lobby, and are seen there)",
    );
  yield* await tried("how long a connection lives", () => checkIdle(site, idleSeconds));
}

/** A check that fails is one finding, and the others go on. */
async function tried(what: string, check: () => Promise<Finding | Finding[]>): Promise<Finding[]> {
  try {
    return [await check()].flat();
  } catch (error) {
    return [unknown(`${what} could not be looked at: ${(error as Error).message}`)];
  }
}
