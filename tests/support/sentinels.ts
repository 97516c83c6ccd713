import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Redis } from "ioredis";
import type { Sentinels } from "../../server/redis/address";
import { type Child, startChild } from "./child";
import { freePort } from "./ports";
import { RedisServer } from "./redis-server";
import { makeFolder, removeFolder } from "./temporary-folder";
import { until } from "./until";

const sentinelCount = 3;
/** Short, so that a failover takes two seconds. */
const downAfterMs = 1_000;

const password = "of-the-sentinels";

/** The process's own file, in which it keeps what it learns. */
const configOf = (port: number, folder: string, name: string, primary: number) => `
port ${port}
bind 127.0.0.1
dir ${folder}
requirepass ${password}
sentinel sentinel-pass ${password}
sentinel monitor ${name} 127.0.0.1 ${primary} 2
sentinel down-after-milliseconds ${name} ${downAfterMs}
sentinel failover-timeout ${name} 3000
`;

/** A primary, its replica, and three Sentinels that watch them under the name `chat`. */
export class WatchedRedis {
  readonly name = "chat";

  private constructor(
    /** The primary of the beginning. */
    readonly first: RedisServer,
    /** Its replica of the beginning. */
    readonly second: RedisServer,
    readonly ports: readonly number[],
    private readonly children: readonly Child[],
    private readonly folder: string,
  ) {}

  static async start(): Promise<WatchedRedis> {
    const [first, second, folder] = await Promise.all([
      RedisServer.start({ appendonly: true }),
      RedisServer.start({ appendonly: true }),
      makeFolder("sentinels"),
    ]);
    const ports: number[] = [];
    const children: Child[] = [];
    const watched = new WatchedRedis(first, second, ports, children, folder);
    await second.client.call("REPLICAOF", "127.0.0.1", String(first.port));
    for (let index = 0; index < sentinelCount; index += 1) {
      const port = await freePort();
      const file = path.join(folder, `${port}.conf`);
      await writeFile(file, configOf(port, folder, watched.name, first.port));
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

  /** The settings of a replica of Madang. */
  get settings(): Record<string, string | undefined> {
    return {
      REDIS_URL: undefined,
      REDIS_SENTINELS: this.ports.map((port) => `127.0.0.1:${port}`).join(","),
      REDIS_SENTINEL_NAME: this.name,
      REDIS_SENTINEL_PASSWORD: password,
    };
  }

  /** Asks one of the Sentinels. */
  async ask(index: number, ...command: [string, ...string[]]): Promise<unknown> {
    const options = { password, retryStrategy: null, lazyConnect: true };
    const client = new Redis(this.ports[index] ?? 0, "127.0.0.1", options);
    try {
      await client.connect();
      return await client.call(...command);
    } finally {
      client.disconnect();
    }
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.signal("SIGTERM");
    await Promise.all(this.children.map(({ exit }) => exit));
    await Promise.all([this.first.stop(), this.second.stop()]);
    await removeFolder(this.folder);
  }

  /** From now on the replica gets nothing more of what the primary takes. */
  async part(): Promise<void> {
    await this.second.client.config("SET", "masterauth", "wrong");
    await this.first.client.call("CLIENT", "KILL", "TYPE", "replica");
    await until("the end of replication", async () =>
      /master_link_status:down/.test(await this.second.client.info("replication")),
    );
  }

  /** Waits until each Sentinel knows the replica and the other Sentinels: only then they carry out a failover. */
  private async isWhole(): Promise<void> {
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
