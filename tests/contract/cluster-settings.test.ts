import pino from "pino";
import { systemClock } from "../../server/lib/clock";
import type { StoreAddress } from "../../server/redis/address";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { openLoneStore } from "../../server/redis/lone-store";
import { StoreReviews } from "../../server/redis/store-review";
import { freePort } from "../support/ports";
import { RedisServer } from "../support/redis-server";
import { documentedAcl, documentedAdditions, userOfTests } from "../support/store-acl";
import { until } from "../support/until";
import { test as base, expect } from "./brokers";

type Line = { level: number; msg: string; err?: string };
type Opened = { clients: RedisClients; log: Line[] };

const warning = 40;
const allSlots = ["0", "16383"] as const;

/** The value of REDIS_CLUSTER for one server. */
const clusterOf = ({ port }: RedisServer): StoreAddress => ({
  url: `redis://${userOfTests}@store`,
  cluster: [{ host: "127.0.0.1", port }],
});

/** A cluster of one server that announces no address, and settings that fit it or not. */
const test = base.extend<
  { open: (address: StoreAddress & { prefix?: string }) => Opened },
  { clusterServer: RedisServer; slotless: RedisServer }
>({
  clusterServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const server = await startClusterServer();
      await server.client.call("CLUSTER", "ADDSLOTSRANGE", ...allSlots);
      await until("a whole cluster", async () =>
        String(await server.client.cluster("INFO")).includes("cluster_state:ok"),
      );
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  slotless: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const server = await startClusterServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  open: async ({}, use) => {
    const opened: (RedisClients | StoreReviews)[] = [];
    await use(({ url, ...route }) => {
      const log: Line[] = [];
      const logger = pino({}, { write: (line) => void log.push(JSON.parse(line) as Line) });
      const clients = createRedisClients(url, logger, route);
      opened.push(new StoreReviews({ redis: clients.redis, clock: systemClock, logger }), clients);
      return { clients, log };
    });
    for (const each of opened) await each.close();
  },
});

const startClusterServer = async () =>
  RedisServer.start({
    settings: { "cluster-enabled": "yes", "cluster-port": String(await freePort()) },
  });

async function fiveTries({ redis }: RedisClients): Promise<void> {
  let tries = 0;
  (redis as unknown as NodeJS.EventEmitter).on("reconnecting", () => {
    tries += 1;
  });
  await until("five tries", () => tries >= 5);
}

const warningsIn = (log: readonly Line[]) => log.filter(({ level }) => level === warning);

test("a REDIS_URL that names a server of a cluster causes a warning, and the store tool refuses to use it", async ({
  clusterServer,
  open,
}) => {
  const { log } = open({ url: clusterServer.url });
  const told = await until("the warning", () => log.find(({ msg }) => msg.includes("server of a cluster")));
  expect(told).toMatchObject({ level: warning, msg: expect.stringContaining("Set REDIS_CLUSTER") });
  await expect(openLoneStore({ url: clusterServer.url })).rejects.toThrow(
    `has a part of the store only. Set REDIS_CLUSTER=127.0.0.1:${clusterServer.port}`,
  );
});

test("a REDIS_CLUSTER that names a single Redis causes one log line, however often the replica tries it", async ({
  redis,
  open,
}) => {
  const place = `127.0.0.1:${redis.port}`;
  const address = clusterOf(redis);
  for (const [url, said] of [
    ["redis://store", `Redis at ${place} is no cluster: set REDIS_URL to it, and leave out REDIS_CLUSTER`],
    // The user for a single Redis may not ask for the cluster.
    [
      address.url,
      `the store's user may not ask ${place} for the cluster: give it the commands for a cluster, or set REDIS_URL if it is none`,
    ],
  ] as const) {
    const { clients, log } = open({ ...address, url });
    await fiveTries(clients);
    expect(warningsIn(log).map(({ msg }) => msg)).toEqual([said]);
    await expect(openLoneStore({ ...address, url })).rejects.toThrow(said);
  }
});

test("a cluster of one server without an announced address is used at the address of the settings", async ({
  clusterServer,
  open,
  prefix,
}) => {
  const address = clusterOf(clusterServer);
  const { clients, log } = open(address);
  await until("the cluster", () => clients.redis.status === "ready");
  expect(await clients.redis.set(`${prefix}key`, "1")).toBe("OK");
  const heard = new Promise((resolve) => clients.subscriber.once("message", (_, text) => resolve(text)));
  await clients.subscriber.subscribe(`${prefix}channel`);
  await clients.redis.call("spublish", `${prefix}channel`, "said");
  expect(await heard).toBe("said");
  const kinds = warningsIn(log).map(({ msg }) => msg.split(" ")[0]);
  expect(kinds.sort(), "and its settings are checked like any other's").toEqual(["appendonly", "maxmemory"]);
  const store = await openLoneStore(address);
  expect(await store.serverOf(`${prefix}key`).get(`${prefix}key`)).toBe("1");
  store.close();
});

test("the documented user of a cluster, which may name the site's keys alone, gets the store's time and its own subscriptions", async ({
  clusterServer,
  open,
}) => {
  const [, ...rules] = `${documentedAcl()} ${documentedAdditions.cluster()}`
    .replace("user madang", "documented")
    .replace("PASSWORD", "secret")
    .split(" ");
  await clusterServer.client.call("ACL", "SETUSER", "documented", ...rules);
  const prefix = "madang:";
  const { clients } = open({
    ...clusterOf(clusterServer),
    url: "redis://documented:secret@store",
    prefix,
  });
  await until("the cluster", () => clients.redis.status === "ready");
  expect(await clients.redis.now()).toBeGreaterThan(0);
  expect(await clients.redis.set(`${prefix}key`, "1")).toBe("OK");
  await expect(clients.redis.set("key", "1")).rejects.toThrow("NOPERM");
  const heard = new Promise((resolve) => clients.subscriber.once("message", (_, text) => resolve(text)));
  await clients.subscriber.subscribe(`${prefix}channel`);
  await clients.redis.call("spublish", `${prefix}channel`, "said");
  expect(await heard).toBe("said");
});

test("a cluster that does not serve, or whose user may not ask for its state, is reported once", async ({
  slotless,
  clusterServer,
  open,
}) => {
  const { clients, log } = open(clusterOf(slotless));
  await fiveTries(clients);
  expect(warningsIn(log)).toMatchObject([
    { msg: "store connection failed", err: "no server of the cluster has slots" },
  ]);
  expect(clients.redis.status).not.toBe("ready");
  await clusterServer.client.call("ACL", "SETUSER", "madang", "-cluster|info");
  const { log: refused } = open(clusterOf(clusterServer));
  const told = await until("the refusal", () => warningsIn(refused)[0]);
  await clusterServer.client.call("ACL", "SETUSER", "madang", "+cluster|info");
  expect(told.err).toContain("cluster|info");
});

test("a server that the cluster announces at an address without an answer is named, with the setting that mends it", async ({
  open,
}) => {
  const server = await startClusterServer();
  const announced = { host: "127.0.0.2", port: await freePort() };
  await server.client.call("CLUSTER", "ADDSLOTSRANGE", ...allSlots);
  await server.client.config("SET", "cluster-announce-ip", announced.host);
  await server.client.config("SET", "cluster-announce-port", announced.port);
  const said = `the cluster announces a server at ${announced.host}:${announced.port}, and it cannot be reached there`;
  const { clients, log } = open(clusterOf(server));
  await until("the line", () => log.some(({ msg }) => msg.includes(said)));
  await clients.close();
  expect(log.find(({ msg }) => msg.includes(said))?.msg).toMatch(
    /cluster-announce-ip or cluster-announce-hostname/,
  );
  await expect(openLoneStore(clusterOf(server)), "the store tool").rejects.toThrow(said);
  await server.stop();
});
