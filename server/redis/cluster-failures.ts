import type { Server } from "./address";
import type { ClusterConnection, NodeName } from "./cluster-connection";
import { connectionFailed } from "./connection-advice";
import type { FailureLog } from "./failure-log";
import { isForbidden } from "./store-error";

/** What the library says when each server has failed, which it has told one by one. */
const allFailed = "Failed to refresh slots cache.";

/** The words of Node and ioredis for an address without an answer. */
const unreachable =
  /\b(?:ETIMEDOUT|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN)\b/;

export const isUnreachable = (reason: string): boolean => unreachable.test(reason);

const nameOf = ({ host, port }: Server): NodeName => `${host}:${port}`;

/** What an operator should look at, when a server at this place does not say what the cluster is. `named`: REDIS_CLUSTER. */
export function explainClusterFailure(error: Error, place: NodeName, named: readonly Server[]): string {
  const { message } = error;
  if (message.includes("cluster support disabled"))
    return `Redis at ${place} is no cluster: set REDIS_URL to it, and leave out REDIS_CLUSTER`;
  if (isForbidden(error))
    return `the store's user may not ask ${place} for the cluster: give it the commands for a cluster, or set REDIS_URL if it is none`;
  if (!isUnreachable(message)) return connectionFailed(message);
  return named.map(nameOf).includes(place)
    ? `store connection failed: ${place} does not answer, which REDIS_CLUSTER names`
    : `store connection failed: ${announcedAt(place)}`;
}

/** What is wrong with a server of the cluster's own map that cannot be reached. */
export const announcedAt = (place: NodeName): string =>
  `the cluster announces a server at ${place}, and it cannot be reached there. Unless it is down, set cluster-announce-ip or cluster-announce-hostname on it to an address that is reached from here`;

/** Tells why the cluster, or a server of it, cannot be used. */
export function tellOfCluster(
  cluster: ClusterConnection,
  named: readonly Server[],
  failures: FailureLog,
): void {
  const tell = (err: string, text: string) => failures.tell({ client: "commands", err }, text);
  cluster.on("ready", () => failures.end());
  cluster.on("node error", (error: Error, place = "a server") =>
    tell(error.message, explainClusterFailure(error, place, named)),
  );
  cluster.on("error", ({ message }: Error) => {
    if (message !== allFailed || !failures.hasTold) tell(message, connectionFailed(message));
  });
}
