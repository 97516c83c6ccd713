import { randomBytes, randomUUID } from "node:crypto";
import { test as base } from "./plain-test";
import { RedisServer } from "./redis-server";
import { type Environment, Replica } from "./replica";
import { ReplicaPool } from "./replica-pool";
import { TcpFront } from "./tcp-front";
import type { VisitorOptions } from "./wire-socket";
import { connectVisitor, type WireVisitor } from "./wire-visitor";

type WorkerFixtures = {
  /** A real Redis, shared by the tests of a worker; each test has its own key prefix. */
  redis: RedisServer;
  replicaPool: ReplicaPool;
};

type TestFixtures = {
  /** A Redis for this test alone, which it may kill and restart; the append-only file survives that. */
  ownRedis: RedisServer;
  /** The settings that the replicas of this test share: store, key prefix and secret. */
  shared: Environment;
  startReplicas: (count: number, environment?: Environment) => Promise<Replica[]>;
  startReplica: (environment?: Environment) => Promise<Replica>;
  /** Starts a replica in a new process, without waiting for it. */
  launchReplica: (environment?: Environment) => Promise<Replica>;
  startFront: (targets: number[]) => Promise<TcpFront>;
  connect: (options: VisitorOptions) => Promise<WireVisitor>;
};

const runAll = <T>(things: T[], end: (thing: T) => unknown) => Promise.all(things.map(end));

export const test = base.extend<TestFixtures, WorkerFixtures>({
  redis: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const redis = await RedisServer.start();
      await use(redis);
      await redis.stop();
    },
    { scope: "worker" },
  ],

  replicaPool: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const pool = new ReplicaPool();
      await use(pool);
      await pool.close();
    },
    { scope: "worker" },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  ownRedis: async ({}, use) => {
    const redis = await RedisServer.start({ appendonly: true });
    await use(redis);
    await redis.stop();
  },

  shared: async ({ redis }, use, { project }) => {
    await use({
      // A page's visitor is new, and would have to wait a minute before it may make a room. Tests of limits turn them on.
      ...(project.name === "e2e" && { RATE_LIMITS: "off" }),
      REDIS_URL: redis.url,
      REDIS_PREFIX: `madang:${randomUUID()}:`,
      SESSION_SECRET: randomBytes(32).toString("hex"),
    });
  },

  launchReplica: async ({ shared }, use) => {
    const replicas: Replica[] = [];
    await use(async (environment = {}) => {
      const replica = await Replica.launch({ ...shared, ...environment });
      replicas.push(replica);
      return replica;
    });
    await runAll(replicas, (replica) => replica.kill());
  },

  startReplica: async ({ shared, replicaPool }, use, testInfo) => {
    const replicas: Replica[] = [];
    await use(async (environment = {}) => {
      const replica = await replicaPool.launch({ ...shared, ...environment });
      replicas.push(replica);
      await replica.ready();
      return replica;
    });
    const isWell = testInfo.status === testInfo.expectedStatus;
    for (const replica of replicas) await (isWell ? replicaPool.take(replica) : replica.kill());
  },

  startReplicas: async ({ startReplica }, use) => {
    await use((count, environment = {}) =>
      Promise.all(
        Array.from({ length: count }, () => startReplica({ REPLICAS: String(count), ...environment })),
      ),
    );
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startFront: async ({}, use) => {
    const fronts: TcpFront[] = [];
    await use(async (targets) => {
      const front = await TcpFront.start(targets);
      fronts.push(front);
      return front;
    });
    await runAll(fronts, (front) => front.close());
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  connect: async ({}, use) => {
    const visitors: WireVisitor[] = [];
    await use(async (options) => {
      const visitor = await connectVisitor(options);
      visitors.push(visitor);
      return visitor;
    });
    for (const visitor of visitors) visitor.close();
  },
});

export { expect } from "./plain-test";
