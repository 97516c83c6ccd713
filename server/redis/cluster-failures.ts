import type { Logger } from "../lib/logger";
import type { ClusterConnection } from "./cluster-connection";
import { isForbidden } from "./store-error";
import { connectionFailed } from "./tls-advice";

/** What the library says when each server has failed, which it has told one by one. */
const allFailed = "Failed to refresh slots cache.";

/** What an operator should look at, when a server at this place does not say what the cluster is. */
export function explainClusterFailure(error: Error, place: string): string {
  if (error.message.includes("cluster support disabled"))
    return `Redis at ${place} is no cluster: set REDIS_URL to it, and leave out REDIS_CLUSTER`;
  if (isForbidden(error))
    return `the store's user may not ask ${place} for the cluster: give it the commands for a cluster, or set REDIS_URL if it is none`;
  return connectionFailed(error.message);
}

/** Says once why the cluster cannot be used, until it can. The library says the same several times a second. */
export function warnOfCluster(cluster: ClusterConnection, logger: Logger): void {
  const said = new Set<string>();
  const say = (err: string, text: string) => {
    if (said.has(err)) return;
    said.add(err);
    logger.warn({ client: "commands", err }, text);
  };
  cluster.on("ready", () => said.clear());
  cluster.on("node error", (error: Error, place = "a server") =>
    say(error.message, explainClusterFailure(error, place)),
  );
  cluster.on("error", ({ message }: Error) => {
    if (message !== allFailed || said.size === 0) say(message, connectionFailed(message));
  });
}
