import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Redis } from "ioredis";
import type { Sentinels } from "../../server/redis/address";
import type { Certificates } from "./certificates";
import { type Child, startChild } from "./child";
import { freePort } from "./ports";
import { overTls, type RedisOptions, RedisServer, textsOf } from "./redis-server";
import { userOfTests } from "./store-acl";
import { makeFolder, removeFolder } from "./temporary-folder";
import { until } from "./until";

const sentinelCount = 3;
/**
 * After this long without an answer a server counts as down: soon, so that a failover takes two seconds, or later than any
 * pause of a busy machine.
 */
export const downAfter = { soonMs: 1_000, lateMs: 10_000 };

/** A new replica gets the data at once. */
const dataServer: RedisOptions = { appendonly: true, settings: { "repl-diskless-sync-delay": "0" } };

const password = "of-the-sentinels";

type ConfigOptions = {
  port: number;
  folder: string;
  name: string;
  primary: number;
  downAfterMs: number;
  tls?: Certificates | undefined;
};

/** The process's own configuration file, in which it keeps its knowledge. */
const configOf = ({ port, folder, name, primary, downAfterMs, tls }: ConfigOptions) => `
${Object.entries(tls ? overTls(port, tls) : { port })
  .map(([setting, value]) => `${setting} ${value}`)
  .join("\n")}
bind 127.0.0.1
dir ${folder}
requirepass ${password}
sentinel sentinel-pass ${password}
sentinel monitor ${name} 127.0.0.1 ${primary} 2
sentinel down-after-milliseconds ${name} ${downAfterMs}
sentinel failover-timeout ${name} 3000
`;

/**
 * Sentinels ask a server for its role every 10 s, and demote a former primary when two answers, 8 s or more apart, call it a
 * primary: that takes 20 s and more.
 */
const demotedWithinMs = 60_000;

/** A primary, its replica, and three Sentinels that watch them under the name `chat`. */
export class WatchedRedis {
  readonly name = "chat";

  private constructor(
    /** The first primary. */
    readonly first: RedisServer,
    /** The first primary's replica. */
    readonly second: RedisServer,
    readonly ports: readonly number[],
    private readonly children: readonly Child[],
    private readonly folder: string,
    private readonly tls?: Certificates,
  ) {}

  /** `tls`: servers and Sentinels speak only TLS, with clients that have a certificate. */
  static async start(tls?: Certificates, downAfterMs = downAfter.soonMs): Promise<WatchedRedis> {
    const options = { ...dataServer, ...(tls && { tls }) };
    const [first, second, folder] = await Promise.all([
      RedisServer.start(options),
      RedisServer.start(options),
      makeFolder("sentinels"),
    ]);
    const ports: number[] = [];
    const children: Child[] = [];
    const watched = new WatchedRedis(first, second, ports, children, folder, tls);
    await second.client.call("REPLICAOF", "127.0.0.1", String(first.port));
    for (let index = 0; index < sentinelCount; index += 1) {
      const port = await freePort();
      const file = path.join(folder, `${port}.conf`);
      const { name } = watched;
      await writeFile(file, configOf({ port, folder, name, primary: first.port, downAfterMs, tls }));
      children.push(startChild("redis-server", [file, "--sentinel"], { cwd: folder }));
      ports.push(port);
    }
    await watched.isWhole();
    return watched;
  }

  /** How clients find the primary. */
  get sentinels(): Sentinels {
    const servers = this.ports.map((port) => ({ host: "127.0.0.1", port }));
    return { servers, name: this.name, password };
  }

  /** The login of the user that docs/operations.md gives the replicas. */
  get url(): string {
    return `${this.tls ? "rediss" : "redis"}://${userOfTests}@store/0`;
  }

  /** The settings of a replica of Madang. */
  get settings(): Record<string, string | undefined> {
    return {
      REDIS_URL: this.url.replace("store/", "/"),
      REDIS_SENTINELS: this.ports.map((port) => `127.0.0.1:${port}`).join(","),
      REDIS_SENTINEL_NAME: this.name,
      REDIS_SENTINEL_PASSWORD: password,
    };
  }

  /** Asks one of the Sentinels. */
  async ask(index: number, ...command: [string, ...string[]]): Promise<unknown> {
    const tls = this.tls && textsOf(this.tls);
    const options = { password, retryStrategy: null, lazyConnect: true, ...(tls && { tls }) };
    const client = new Redis(this.ports[index] ?? 0, "127.0.0.1", options);
    client.on("error", () => undefined); // The command itself reports the error.
    try {
      await client.connect();
      return await client.call(...command);
    } finally {
      client.disconnect();
    }
  }

  /** From now on servers count as down after this long without an answer. */
  async failAfter(ms: number): Promise<void> {
    for (const index of this.ports.keys())
      await this.ask(index, "SENTINEL", "SET", this.name, "down-after-milliseconds", String(ms));
  }

  /** The replica takes the first primary's place in order; resolves when all Sentinels name it. */
  async handOver(): Promise<void> {
    await until("a failover", async () => (await this.ask(0, "SENTINEL", "FAILOVER", this.name)) === "OK");
    await this.isNamedByAll(this.second);
  }

  private async isNamedByAll({ port }: RedisServer): Promise<void> {
    for (const index of this.ports.keys())
      await until("a successor", async () => {
        const address = await this.ask(index, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", this.name);
        return (address as string[])[1] === String(port);
      });
  }

  /** Kills the primary, and starts it again when its replica has taken its place. */
  async failOver(): Promise<void> {
    const roleOf = async ({ client }: RedisServer) => String(await client.info("replication"));
    const isFirst = (await roleOf(this.first)).includes("role:master");
    const [primary, replica] = isFirst ? [this.first, this.second] : [this.second, this.first];
    await until("a replica in step", async () => (await roleOf(replica)).includes("master_link_status:up"));
    await primary.kill();
    // A primary that comes back sooner still counts as the primary, and loses the writes it gets then.
    await this.isNamedByAll(replica);
    await primary.restart();
    await until(
      "the old primary as a replica",
      async () => (await roleOf(primary)).includes("master_link_status:up"),
      demotedWithinMs,
    );
  }

  /** Freezes a Sentinel: it keeps its connections, but does not answer. Returns a function that ends that. */
  freeze(index: number): () => void {
    this.children[index]?.signal("SIGSTOP");
    return () => this.children[index]?.signal("SIGCONT");
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.signal("SIGTERM");
    await Promise.all(this.children.map(({ exit }) => exit));
    await Promise.all([this.first.stop(), this.second.stop()]);
    await removeFolder(this.folder);
  }

  /** From now on the replica gets no more writes of the primary. */
  async part(): Promise<void> {
    await this.second.client.config("SET", "masterauth", "wrong");
    await this.first.client.call("CLIENT", "KILL", "TYPE", "replica");
    await until("the end of replication", async () =>
      /master_link_status:down/.test(await this.second.client.info("replication")),
    );
  }

  /** Waits until replication works and each Sentinel knows the replica and the other Sentinels: a failover needs that. */
  private async isWhole(): Promise<void> {
    await until("the copy", async () =>
      /master_link_status:up/.test(await this.second.client.info("replication")),
    );
    for (const index of this.ports.keys())
      await until("Sentinels that know one another", async () => {
        const reply = (await this.ask(index, "SENTINEL", "MASTER", this.name)) as
          | Record<string, string>
          | string[];
        const text = JSON.stringify(reply);
        return /"num-slaves"[:,]"1"/.test(text) && /"num-other-sentinels"[:,]"2"/.test(text);
      });
  }
}
