import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Cluster } from "ioredis";
import type { Certificates } from "./certificates";
import { freePort } from "./ports";
import { RedisServer, textsOf } from "./redis-server";
import { userOfTests } from "./store-acl";
import { until } from "./until";

const primaryCount = 3;
/**
 * After this long without an answer a server counts as failed: soon for a failover that is wanted, or later than any pause of a
 * busy machine.
 */
export const nodeTimeouts = { soonMs: 1_000, lateMs: 10_000 };

/** Three primaries, each with as many replicas. */
export class RedisCluster {
  /** The login of the user that docs/operations.md gives the replicas; `client` may do anything. */
  readonly url: string;
  /** The client with which tests read the keys themselves. */
  readonly client: Cluster;

  private constructor(
    readonly servers: readonly RedisServer[],
    tls?: Certificates,
  ) {
    this.url = `${tls ? "rediss" : "redis"}://${userOfTests}@store`;
    this.client = new Cluster(this.addresses, tls && { redisOptions: { tls: textsOf(tls) } });
    this.client.on("error", () => undefined);
  }

  /** `tls`: the servers speak only TLS, also with one another, and do not ask clients for a certificate. */
  static async start({
    replicas = 0,
    nodeTimeoutMs = replicas > 0 ? nodeTimeouts.soonMs : nodeTimeouts.lateMs,
    appendonly = true,
    tls,
  }: {
    replicas?: number;
    nodeTimeoutMs?: number;
    appendonly?: boolean;
    tls?: Certificates;
  } = {}): Promise<RedisCluster> {
    const servers = await Promise.all(
      Array.from({ length: primaryCount * (1 + replicas) }, async () =>
        RedisServer.start({
          appendonly,
          appendfsync: "everysec",
          ...(tls && { tls }),
          settings: {
            "cluster-enabled": "yes",
            "cluster-port": String(await freePort()),
            "cluster-node-timeout": String(nodeTimeoutMs),
            "cluster-require-full-coverage": "no",
            "cluster-replica-validity-factor": "0",
            "repl-diskless-sync-delay": "0",
            ...(tls && { "tls-cluster": "yes", "tls-auth-clients": "no" }),
          },
        }),
      ),
    );
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    const more = ["--cluster-replicas", String(replicas), "--cluster-yes"];
    if (tls) more.push("--tls", "--cacert", tls.ca, "--cert", tls.clientCert, "--key", tls.clientKey);
    await promisify(execFile)("redis-cli", ["--cluster", "create", ...addresses, ...more]);
    const cluster = new RedisCluster(servers, tls);
    await cluster.isWhole();
    return cluster;
  }

  get addresses(): { host: string; port: number }[] {
    return this.servers.map(({ port }) => ({ host: "127.0.0.1", port }));
  }

  /** The settings of a replica of Madang. */
  get settings(): Record<"REDIS_URL" | "REDIS_CLUSTER", string> {
    return {
      REDIS_URL: this.url.replace(/store$/, ""),
      REDIS_CLUSTER: this.addresses.map(({ host, port }) => `${host}:${port}`).join(","),
    };
  }

  /** The primary that has a key's slot now. */
  async primaryOf(key: string): Promise<RedisServer> {
    const slot = await this.client.cluster("KEYSLOT", key);
    for (const server of this.servers) {
      const role = await server.client.info("replication").catch(() => "");
      if (!role.includes("role:master")) continue;
      const nodes = String(await server.client.cluster("NODES"));
      const mine = nodes.split("\n").find((line) => line.includes("myself")) ?? "";
      const ranges = mine.split(" ").slice(8);
      if (ranges.some((range) => isWithin(slot, range))) return server;
    }
    throw new Error(`no primary has the slot of ${key}`);
  }

  /** Waits until all slots are served, and every replica has all data of its primary. */
  async isWhole(): Promise<void> {
    for (const { client } of this.servers)
      await until("a whole cluster", async () => {
        const info = String(await client.cluster("INFO"));
        const replication = await client.info("replication");
        return info.includes("cluster_state:ok") && !replication.includes("master_link_status:down");
      });
  }

  /** Moves the slot of a key, with all keys in it, to another primary, as an operator does. `meanwhile`: done on the way. */
  async moveSlot(key: string, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    const slot = await this.client.cluster("KEYSLOT", key);
    const from = await this.primaryOf(key);
    const infos = await Promise.all(this.servers.map(({ client }) => client.info("replication")));
    const primaries = this.servers.filter((_, index) => infos[index]?.includes("role:master"));
    const to = primaries.find((server) => server !== from);
    if (to === undefined) throw new Error("there is no other primary");
    const [fromId, toId] = await Promise.all([from, to].map(({ client }) => client.cluster("MYID")));
    await to.client.cluster("SETSLOT", slot, "IMPORTING", String(fromId));
    await from.client.cluster("SETSLOT", slot, "MIGRATING", String(toId));
    const keys = await from.client.cluster("GETKEYSINSLOT", slot, 1_000);
    if (keys.length > 0)
      await from.client.call("MIGRATE", "127.0.0.1", to.port, "", 0, 30_000, "KEYS", ...(keys as string[]));
    await meanwhile();
    for (const { client } of [to, from, ...primaries])
      await client.cluster("SETSLOT", slot, "NODE", String(toId));
  }

  /** From now on no replica gets the writes of this primary. */
  async part(primary: RedisServer): Promise<void> {
    for (const { client } of this.servers) await client.config("SET", "masterauth", "wrong");
    await primary.client.call("CLIENT", "KILL", "TYPE", "replica");
    await until("the end of replication", async () =>
      /connected_slaves:0/.test(await primary.client.info("replication")),
    );
  }

  /** From now on servers count as failed after this long without an answer. */
  async failAfter(ms: number): Promise<void> {
    await Promise.all(this.servers.map(({ client }) => client.config("SET", "cluster-node-timeout", ms)));
  }

  /** Kills a primary, and starts it again when its replica has its slots. */
  async failOver(): Promise<void> {
    await this.isWhole();
    const killed = await this.primaryOf("any key");
    await killed.kill();
    await until("a successor", async () => (await this.primaryOf("any key")) !== killed);
    await killed.restart();
    await this.isWhole();
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

function isWithin(slot: number, range: string): boolean {
  const [first = "", last = first] = range.split("-");
  return slot >= Number(first) && slot <= Number(last);
}

let shared: Promise<RedisCluster> | undefined;

/** One cluster for all tests of this worker, which ends with the worker. Each test has its own key prefix. */
export function sharedCluster(): Promise<RedisCluster> {
  shared ??= RedisCluster.start();
  return shared;
}
