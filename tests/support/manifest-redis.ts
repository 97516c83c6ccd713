import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Redis } from "ioredis";
import { type Child, startChild } from "./child";
import { freePort } from "./ports";
import { makeFolder, removeFolder } from "./temporary-folder";
import { until } from "./until";

const manifests = "k8s/components/redis";
const password = "a-password-of-the-test";

type Change = (text: string) => string;

/** The access list that start-redis.sh used to write, with which Redis may not replay its own file. */
export const withoutReplay: Change = (script) => {
  const changed = script.replace("user default off ~* &* +@all", "user default off");
  if (changed === script) throw new Error("start-redis.sh no longer lets the default user replay");
  return changed;
};

type ManifestOptions = { accessList?: Change | undefined; backupPassword?: string };

/**
 * Redis as its pod runs it: the manifests' own start script, ACL and configuration, on a port and in folders of this
 * test. `accessList` changes the lines of the ACL before they are written.
 */
export class ManifestRedis {
  readonly client: Redis;
  private child: Child | undefined;

  private constructor(
    readonly port: number,
    /** Contains its volume, and everything else that the pod mounts. */
    readonly folder: string,
    private readonly backupPassword: string | undefined,
  ) {
    this.client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => 50 });
    this.client.on("error", () => undefined); // It is restarted on purpose; commands report their own failure.
  }

  static async start({ accessList, backupPassword }: ManifestOptions = {}): Promise<ManifestRedis> {
    const redis = new ManifestRedis(await freePort(), await makeFolder("manifest-redis"), backupPassword);
    await redis.write("redis.conf", (conf) =>
      conf.replace(/^bind .*$/m, "bind 127.0.0.1").replace(/^port .*$/m, `port ${redis.port}`),
    );
    await redis.write("start-redis.sh", accessList);
    await redis.scaleUp();
    return redis;
  }

  get url(): string {
    return `redis://madang:${password}@127.0.0.1:${this.port}/0`;
  }

  /** Restarts Redis as the kubelet replaces the pod: SIGTERM, then a new process over the same volume. */
  async restart(accessList?: Change): Promise<void> {
    await this.scaleDown();
    if (accessList !== undefined) await this.write("start-redis.sh", accessList);
    await this.scaleUp();
  }

  /** Every key with its value, without the time to live. */
  async contents(): Promise<Record<string, unknown>> {
    const keys: string[] = [];
    for await (const found of this.client.scanStream({ count: 1_000 })) keys.push(...(found as string[]));
    const values = await Promise.all(keys.map((key) => this.valueOf(key)));
    return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  }

  private async valueOf(key: string): Promise<unknown> {
    const { client } = this;
    const type = await client.type(key);
    if (type === "string") return client.get(key);
    if (type === "hash") return client.hgetall(key);
    if (type === "set") return (await client.smembers(key)).sort();
    if (type === "zset") return client.zrange(key, 0, "-1", "WITHSCORES");
    if (type === "stream") return client.xrange(key, "-", "+");
    throw new Error(`${key} is a ${type}`);
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.scaleDown();
    await removeFolder(this.folder);
  }

  async scaleUp(): Promise<void> {
    const child = startChild("sh", [path.join(this.folder, "start-redis.sh")], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        REDIS_PASSWORD: password,
        ...(this.backupPassword !== undefined && { REDIS_BACKUP_PASSWORD: this.backupPassword }),
      } as unknown as NodeJS.ProcessEnv,
    });
    this.child = child;
    await until(`the Redis of the manifests on ${this.port}`, async () => {
      if (!child.isRunning()) throw new Error(`it ended:\n${child.output()}`);
      if (this.client.status === "wait" || this.client.status === "end") await this.client.connect();
      return (await this.client.ping()) === "PONG";
    });
  }

  async scaleDown(): Promise<void> {
    this.child?.signal("SIGTERM");
    await this.child?.exit;
  }

  private async write(name: string, change: Change = (text) => text): Promise<void> {
    const text = (await readFile(path.join(manifests, name), "utf8"))
      .replaceAll("/etc/redis", this.folder)
      .replaceAll("/run/redis", this.folder)
      .replaceAll("/data", this.folder);
    await writeFile(path.join(this.folder, name), change(text));
  }
}
