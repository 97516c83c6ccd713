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
  yield* await checkStore(site);
  yield* await checkProxies(site, other !== undefined);
  yield await checkPolicy(site);
  yield await checkMetrics(site);
  yield await checkOrigin(site);
  const upgrade = await checkUpgrade(site);
  yield upgrade;
  const replicas = await countReplicas(site);
  if (replicas > 1) yield right(`${replicas} replicas answer`);
  if (upgrade.is !== "right") return;
  if (isRelayTried) yield await checkRelay(site, other ?? site);
  else
    yield unknown(
      "the way between replicas was not tried (--relay: two visitors join the lobby, and are seen there)",
    );
  yield await checkIdle(site, idleSeconds);
}
