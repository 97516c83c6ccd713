/** From here on messages are given visibly wrong times, and deadlines come early or late. */
const mostSkewMs = 1_000;

/** What an operator should change: the store's version and settings, its clock, or the setting that leads to it. */
export type StoreWarningKind = "cluster" | "version" | "eviction" | "persistence" | "limit" | "clock";

export type StoreWarning = { kind: StoreWarningKind; text: string };

/**
 * What a server says of itself (INFO), and how far its clock is ahead of this machine's; undefined where it may not be asked.
 * `isCluster`: how the settings name it.
 */
export type StoreReport = { info: string; aheadMs: number | undefined; isCluster: boolean };

export type StoreReview = { name: string; warnings: StoreWarning[] };

const fieldOf = (info: string, name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];

/** Whether the server has only a part of the keys. */
export const isClusterServer = (info: string): boolean => fieldOf(info, "cluster_enabled") === "1";

/** Which store this is, and what an operator should change, one sentence each. */
export function reviewStore({ info, aheadMs = 0, isCluster }: StoreReport): StoreReview {
  const valkey = fieldOf(info, "valkey_version");
  const version = fieldOf(info, "redis_version") ?? "";
  const name = valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`;
  const policy = fieldOf(info, "maxmemory_policy");
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  const found: [is: boolean, kind: StoreWarningKind, text: string][] = [
    [
      !isCluster && isClusterServer(info),
      "cluster",
      "REDIS_URL names a server of a cluster, which has a part of the keys only: no visitor can join. Set REDIS_CLUSTER to host:port of its servers, and of REDIS_URL leave the user, password and TLS.",
    ],
    [
      Number.parseInt(version, 10) < 7,
      "version",
      `${name} is too old: Madang needs Redis 7.0 or later, or Valkey. Upgrade it before anything else.`,
    ],
    [
      policy !== undefined && policy !== "noeviction",
      "eviction",
      `maxmemory-policy is ${policy}, which deletes history when memory is short. Set maxmemory-policy noeviction in its configuration.`,
    ],
    [
      fieldOf(info, "aof_enabled") === "0",
      "persistence",
      "appendonly is off: a restart of the store loses what was written since its last snapshot. Set appendonly yes.",
    ],
    [
      fieldOf(info, "maxmemory") === "0",
      "limit",
      "maxmemory is not set: the store grows until the system ends it. Set maxmemory to half of its machine's memory.",
    ],
    [
      Math.abs(aheadMs) > mostSkewMs,
      "clock",
      `The store's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's. Let both follow NTP.`,
    ],
  ];
  return { name, warnings: found.flatMap(([is, kind, text]) => (is ? [{ kind, text }] : [])) };
}
