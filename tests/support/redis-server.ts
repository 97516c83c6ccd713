import { ServerConnection } from "../../server/redis/server-connection";
import { type Child, startChild } from "./child";
import { freePort } from "./ports";
import { makeFolder, removeFolder } from "./temporary-folder";
import { until } from "./until";

/** `settings`: others of redis.conf. */
export type RedisOptions = {
  appendonly?: boolean;
  appendfsync?: "always" | "everysec";
  maxmemory?: string;
  settings?: Record<string, string>;
};

/** A real Redis on its own loopback port, with its data in a temporary folder. */
export class RedisServer {
  readonly client: ServerConnection;
  private child: Child | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly options: RedisOptions,
  ) {
    this.client = new ServerConnection(port, "127.0.0.1", { lazyConnect: true, retryStrategy: () => 50 });
    this.client.on("error", () => undefined); // It is killed on purpose; commands report their own failure.
  }

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const folder = await makeFolder("redis");
    const redis = new RedisServer(await freePort(), folder, options);
    await redis.launch();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Stops Redis in order, and deletes its data. */
  async stop(): Promise<void> {
    this.client.disconnect();
    await this.end("SIGTERM");
    await removeFolder(this.folder);
  }

  /** Kills Redis, as a crash would. `restart` reads its append-only file. */
  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  async restart(): Promise<void> {
    if (this.child?.isRunning()) await this.end("SIGTERM");
    await this.launch();
  }

  /** Freezes Redis: it keeps its connections and answers nothing. */
  pause(): void {
    this.child?.signal("SIGSTOP");
  }

  resume(): void {
    this.child?.signal("SIGCONT");
  }

  private async launch(): Promise<void> {
    const { appendonly = false, appendfsync = "always", maxmemory, settings: more } = this.options;
    const settings = {
      port: String(this.port),
      bind: "127.0.0.1",
      dir: this.folder,
      save: "",
      appendonly: appendonly ? "yes" : "no",
      appendfsync,
      ...(maxmemory === undefined ? {} : { maxmemory }),
      ...more,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = startChild("redis-server", args, { cwd: this.folder });
    this.child = child;
    await until(`redis-server on ${this.port}`, async () => {
      if (!child.isRunning()) throw new Error(`redis-server ended:\n${child.output()}`);
      if (this.client.status === "wait" || this.client.status === "end") await this.client.connect();
      return (await this.client.ping()) === "PONG";
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.child?.signal(signal);
    this.resume();
    await this.child?.exit;
  }
}
