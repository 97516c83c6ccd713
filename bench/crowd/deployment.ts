import path from "node:path";
import { type Child, startChild } from "../../tests/support/child";
import { freePort } from "../../tests/support/ports";
import { cpuOf, cpuOfRedis, memoryOf } from "../../tests/support/processes";
import { RedisServer } from "../../tests/support/redis-server";
import { Replica } from "../../tests/support/replica";
import { until } from "../../tests/support/until";
import { twoReplicasOver } from "../two-replicas";
import { isOurs, type PeerName } from "./dialects";

type Server = {
  port: number;
  pid: number;
  kill(): Promise<unknown>;
  output(): string;
};

/** CPU time in milliseconds. */
export type Cpu = { servers: number; redis: number };

async function startPeer(name: PeerName, redis: RedisServer): Promise<Server> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: "production" as const,
    // Not for the user of our replicas, who may not run the peers' commands.
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    PORT: String(port),
  };
  const child: Child = startChild(process.execPath, [path.resolve(`bench/peers/${name}.mjs`)], { env });
  await until(`the peer ${name}`, async () => {
    if (!child.isRunning()) throw new Error(child.output());
    return (await fetch(`http://127.0.0.1:${port}`)).ok;
  });
  const kill = () => {
    child.signal("SIGKILL");
    return child.exit;
  };
  return { port, pid: child.pid, kill, output: () => child.output() };
}

/** Two replicas of one server over an empty Redis of their own. */
export class Deployment {
  private constructor(
    readonly name: PeerName,
    readonly redis: RedisServer,
    readonly servers: readonly [Server, Server],
  ) {}

  /** `environment`: more settings, for ours alone. */
  static async start(name: PeerName, environment: Record<string, string> = {}): Promise<Deployment> {
    const redis = await RedisServer.start();
    const settings = twoReplicasOver(redis, environment);
    const start = () => (isOurs(name) ? Replica.start(settings) : startPeer(name, redis));
    return new Deployment(name, redis, [await start(), await start()]);
  }

  async cpu(): Promise<Cpu> {
    const redis = await cpuOfRedis(this.redis);
    return { servers: this.servers.reduce((sum, { pid }) => sum + cpuOfLiving(pid), 0), redis };
  }

  /** Resident memory of both replicas, in bytes. */
  memory(): number {
    return this.servers.reduce((sum, { pid }) => sum + memoryOf(pid), 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.redis.stop();
  }
}

function cpuOfLiving(pid: number): number {
  try {
    return cpuOf(pid);
  } catch {
    return 0; // It was killed.
  }
}
