import { readFileSync } from "node:fs";
import { ServerConnection } from "../../server/redis/server-connection";
import type { Certificates } from "./certificates";
import { type Child, startChild } from "./child";
import { freePort } from "./ports";
import { aclOfTests, userOfTests } from "./store-acl";
import { makeFolder, removeFolder } from "./temporary-folder";
import { until } from "./until";

/** `settings`: more settings of redis.conf. `tls`: Redis speaks only TLS, with clients that have a certificate. */
export type RedisOptions = {
  appendonly?: boolean;
  appendfsync?: "always" | "everysec";
  maxmemory?: string;
  settings?: Record<string, string>;
  tls?: Certificates;
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
    this.client = new ServerConnection(port, "127.0.0.1", {
      lazyConnect: true,
      retryStrategy: () => 50,
      ...(options.tls && { tls: textsOf(options.tls) }),
    });
    this.client.on("error", () => undefined); // It is killed on purpose; commands report their own failure.
  }

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const folder = await makeFolder("redis");
    const redis = new RedisServer(await freePort(), folder, options);
    await redis.launch();
    return redis;
  }

  /** The address with the user that docs/operations.md gives the replicas; `client` may do anything. */
  get url(): string {
    return `${this.options.tls ? "rediss" : "redis"}://${userOfTests}@127.0.0.1:${this.port}`;
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

  /** `changed`: settings that differ from then on. */
  async restart(changed: Record<string, string> = {}): Promise<void> {
    if (this.child?.isRunning()) await this.end("SIGTERM");
    this.options.settings = { ...this.options.settings, ...changed };
    await this.launch();
  }

  /** Freezes Redis: it keeps its connections, but does not answer. */
  pause(): void {
    this.child?.signal("SIGSTOP");
  }

  resume(): void {
    this.child?.signal("SIGCONT");
  }

  private async launch(): Promise<void> {
    const { appendonly = false, appendfsync = "always", maxmemory, settings: more, tls } = this.options;
    const settings = {
      ...(tls ? overTls(this.port, tls) : { port: String(this.port) }),
      bind: "127.0.0.1",
      dir: this.folder,
      save: "",
      appendonly: appendonly ? "yes" : "no",
      appendfsync,
      ...(maxmemory === undefined ? {} : { maxmemory }),
      ...more,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    args.push(...aclOfTests({ isCluster: "cluster-enabled" in (more ?? {}) }));
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

/** The options of a client that has a certificate. */
export const textsOf = ({ ca, clientCert, clientKey }: Certificates) => ({
  ca: readFileSync(ca),
  cert: readFileSync(clientCert),
  key: readFileSync(clientKey),
});

/** The settings for TLS, also between the servers of a set. */
export const overTls = (
  port: number,
  { ca, serverCert, serverKey }: Certificates,
): Record<string, string> => ({
  port: "0",
  "tls-port": String(port),
  "tls-replication": "yes",
  "tls-ca-cert-file": ca,
  "tls-cert-file": serverCert,
  "tls-key-file": serverKey,
});
