import path from "node:path";
import { type Child, startChild } from "../../tests/support/child";
import { freePort } from "../../tests/support/ports";
import { cpuOf, cpuOfRedis, memoryOf } from "../../tests/support/processes";
import { Replica } from "../../tests/support/replica";
import { until } from "../../tests/support/until";
import { type Backing, openBacking } from "./backing";
import { isAlone, isOurs, type PeerName } from "./dialects";

type Server = {
  port: number;
  pid: number;
  kill(): Promise<unknown>;
  output(): string;
};

/** CPU time in milliseconds. */
export type Cpu = { servers: number; redis: number };

async function startPeer(name: PeerName, { redis: [redis] }: Backing): Promise<Server> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: "production" as const,
    // Without our replicas' Redis user, which may not run the peers' commands.
    REDIS_URL: `redis://127.0.0.1:${redis?.port}`,
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

/** Two replicas of one server over an empty Redis of their own, or a single process. */
export class Deployment {
  private constructor(
    readonly name: PeerName,
    private readonly backing: Backing,
    readonly servers: readonly [Server, ...Server[]],
  ) {}

  /** `environment`: more settings, for our own server only. */
  static async start(name: PeerName, environment: Record<string, string> = {}): Promise<Deployment> {
    const backing = await openBacking(name);
    const settings = { ...backing.settings, ...environment };
    const start = () => (isOurs(name) ? Replica.start(settings) : startPeer(name, backing));
    const first = start();
    const others = isAlone(name) ? [] : [start()];
    return new Deployment(name, backing, [await first, ...(await Promise.all(others))]);
  }

  /** The port of each replica; a single process stands for both. */
  get ports(): [number, number] {
    const [one, other = one] = this.servers;
    return [one.port, other.port];
  }

  async cpu(): Promise<Cpu> {
    const redis = await Promise.all(this.backing.redis.map(cpuOfRedis));
    return { servers: sum(this.servers.map(({ pid }) => cpuOfLiving(pid))), redis: sum(redis) };
  }

  /** Kills the second of two replicas. */
  async killOther(): Promise<void> {
    await this.servers[1]?.kill();
  }

  /** Resident memory of all replicas, in bytes. */
  memory(): number {
    return sum(this.servers.map(({ pid }) => memoryOf(pid)));
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.backing.close();
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function cpuOfLiving(pid: number): number {
  try {
    return cpuOf(pid);
  } catch {
    return 0; // It was killed.
  }
}
