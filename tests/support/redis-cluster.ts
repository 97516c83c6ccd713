import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Cluster } from "ioredis";
import { freePort } from "./ports";
import { RedisServer } from "./redis-server";
import { until } from "./until";

const primaryCount = 3;
/** Short, so that a replica takes over within three seconds. */
const nodeTimeoutMs = 1_000;

/** Three primaries, each with as many replicas. */
export class RedisCluster {
  /** For the tests' own look at the keys. */
  readonly client: Cluster;

  private constructor(readonly servers: readonly RedisServer[]) {
    this.client = new Cluster(this.addresses);
    this.client.on("error", () => undefined);
  }

  static async start({ replicas = 0 } = {}): Promise<RedisCluster> {
    const servers = await Promise.all(
      Array.from({ length: primaryCount * (1 + replicas) }, async () =>
        RedisServer.start({
          appendonly: true,
          appendfsync: "everysec",
          settings: {
            "cluster-enabled": "yes",
            "cluster-port": String(await freePort()),
            "cluster-node-timeout": String(nodeTimeoutMs),
            "cluster-require-full-coverage": "no",
            "cluster-replica-validity-factor": "0",
          },
        }),
      ),
    );
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    const more = ["--cluster-replicas", String(replicas), "--cluster-yes"];
    await promisify(execFile)("redis-cli", ["--cluster", "create", ...addresses, ...more]);
    const cluster = new RedisCluster(servers);
    await cluster.isWhole();
    return cluster;
  }

  get addresses(): { host: string; port: number }[] {
    return this.servers.map(({ port }) => ({ host: "127.0.0.1", port }));
  }

  /** The settings of a replica of Madang. */
  get settings(): Record<string, string | undefined> {
    return {
      REDIS_URL: undefined,
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

  /** Whether all slots are served, and every replica has what its primary has. */
  async isWhole(): Promise<void> {
    for (const { client } of this.servers)
      await until("a whole cluster", async () => {
        const info = String(await client.cluster("INFO"));
        const replication = await client.info("replication");
        return info.includes("cluster_state:ok") && !replication.includes("master_link_status:down");
      });
  }

  /** From now on no replica gets what this primary takes. */
  async part(primary: RedisServer): Promise<void> {
    for (const { client } of this.servers) await client.config("SET", "masterauth", "wrong");
    await primary.client.call("CLIENT", "KILL", "TYPE", "replica");
    await until("the end of replication", async () =>
      /connected_slaves:0/.test(await primary.client.info("replication")),
    );
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

/** One for all tests of this worker; it ends with the worker. Each test has its own key prefix. */
export function sharedCluster(): Promise<RedisCluster> {
  shared ??= RedisCluster.start();
  return shared;
}
