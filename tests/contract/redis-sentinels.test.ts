import type { EventEmitter } from "node:events";
import pino from "pino";
import type { Sentinels } from "../../server/redis/address";
import { connectToServer } from "../../server/redis/clients";
import { openLoneStore } from "../../server/redis/lone-store";
import { test as base, expect } from "../support/fixtures";
import { freePort } from "../support/ports";
import { WatchedRedis } from "../support/sentinels";
import { until } from "../support/until";

type ServerClients = ReturnType<typeof connectToServer>;
/** The library connector's private state while it waits for failovers. */
type Listening = { failoverDetector?: { sentinels: { client: EventEmitter }[] } };
type Line = { msg: string; err?: string };

const test = base.extend<
  { open: (sentinels: Sentinels) => { clients: ServerClients; log: Line[] } },
  { watched: WatchedRedis }
>({
  watched: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const watched = await WatchedRedis.start();
      await use(watched);
      await watched.stop();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  open: async ({}, use) => {
    const opened: ServerClients[] = [];
    await use((sentinels) => {
      const log: Line[] = [];
      const logger = pino({}, { write: (line) => void log.push(JSON.parse(line) as Line) });
      const clients = connectToServer("redis://store", logger, { sentinels });
      opened.push(clients);
      return { clients, log };
    });
    for (const clients of opened) await clients.close();
  },
});

// All tests share three Sentinels.
test.describe.configure({ mode: "serial" });

const isReady = ({ redis, subscriber }: ServerClients) =>
  until("both connections", async () => redis.status === "ready" && subscriber.status === "ready");

test("the Sentinels lead to the primary, and a Sentinel that does not answer is skipped", async ({
  watched,
  open,
}) => {
  const nowhere = { host: "127.0.0.1", port: await freePort() };
  const { clients, log } = open({ ...watched.sentinels, servers: [nowhere, ...watched.sentinels.servers] });
  await isReady(clients);
  expect(await clients.redis.info("server")).toContain(`tcp_port:${watched.first.port}`);
  const complaints = log.filter(({ msg }) => msg === "a Sentinel does not answer: check REDIS_SENTINELS");
  expect(complaints.length, "once for both connections").toBe(1);
  expect(complaints[0]?.err).toContain(`127.0.0.1:${nowhere.port}`);
});

for (const { what, named, said } of [
  {
    what: "a name that they do not know",
    named: async ({ sentinels }: WatchedRedis) => ({ ...sentinels, name: "nobody" }),
    said: "the Sentinel knows no primary named nobody: check REDIS_SENTINEL_NAME",
  },
  {
    what: "a server that is no Sentinel",
    named: async ({ sentinels, first }: WatchedRedis) => ({
      ...sentinels,
      servers: [{ host: "127.0.0.1", port: first.port }],
    }),
    said: "a server in REDIS_SENTINELS is a Redis and no Sentinel: name the Sentinels, whose port is mostly 26379",
  },
  {
    what: "a wrong password",
    named: async ({ sentinels }: WatchedRedis) => ({ ...sentinels, password: "wrong" }),
    said: "a Sentinel refuses the password: check REDIS_SENTINEL_PASSWORD",
  },
  {
    what: "a missing password",
    named: async ({ sentinels }: WatchedRedis) => ({ ...sentinels, password: undefined }),
    said: "a Sentinel refuses the password: check REDIS_SENTINEL_PASSWORD",
  },
])
  test(`${what} is reported to operators once, and tried again`, async ({ watched, open }) => {
    const { clients, log } = open(await named(watched));
    let rounds = 0;
    // The library says so when it has asked all Sentinels.
    for (const client of [clients.redis, clients.subscriber])
      client.on("error", () => {
        rounds += 1;
      });
    await until("three rounds of each connection", () => rounds >= 6);
    const told = log.map(({ msg }) => msg);
    expect(new Set(told)).toEqual(new Set([said]));
    expect(told.length, "at most once for each Sentinel").toBeLessThanOrEqual(3);
    expect(log.map(({ err }) => err).join()).not.toContain("of-the-sentinels");
    expect(clients.redis.status).toBe("connecting");
    await expect(
      openLoneStore({ url: "redis://store", sentinels: await named(watched) }),
      "and to operators who export or import",
    ).rejects.toThrow(said);
  });

test("connections to the Sentinels do not pile up over many cuts", async ({ watched, open }) => {
  const count = async () => String(await watched.ask(0, "CLIENT", "LIST")).split("\n").length;
  const { clients } = open(watched.sentinels);
  await isReady(clients);
  const before = await until("the listeners for failovers", async () => {
    const [one, other] = [await count(), await count()];
    return one === other && one;
  });
  const listeners = () => clients.redis.listenerCount("ready") + clients.redis.listenerCount("close");
  const listening = listeners();
  for (let time = 0; time < 20; time += 1) {
    const broken = new Promise((resolve) => clients.subscriber.once("close", resolve));
    await watched.first.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await watched.first.client.call("CLIENT", "KILL", "TYPE", "pubsub");
    await broken;
    await isReady(clients);
  }
  await until("no more connections than before", async () => (await count()) <= before);
  expect(listeners()).toBe(listening);
});

test("a failover announced while the client asks for the primary does not end the client for good", async ({
  watched,
  open,
}) => {
  const { clients } = open(watched.sentinels);
  await isReady(clients);
  const { connector } = clients.redis as unknown as { connector: Listening };
  const listening = await until(
    "the listeners for failovers",
    () => connector.failoverDetector?.sentinels[0],
  );
  const thaw = watched.freeze(0);
  try {
    await watched.first.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await until("the question", () => clients.redis.status === "connecting");
    listening.client.emit("message", "+switch-master", `${watched.name} 127.0.0.1 1 127.0.0.1 2`);
  } finally {
    thaw();
  }
  await isReady(clients);
  expect(await clients.redis.set("key", "1")).toBe("OK");
});

test("neither the failover of another primary nor one that a Sentinel announces late cuts a connection", async ({
  watched,
  open,
}) => {
  const { clients } = open(watched.sentinels);
  await isReady(clients);
  const closed: string[] = [];
  for (const [name, client] of Object.entries({ commands: clients.redis, subscriber: clients.subscriber }))
    client.on("close", () => closed.push(name));
  const listening = await until("the listeners for failovers", () => {
    const connectors = [clients.redis, clients.subscriber].map(
      (client) => (client as unknown as { connector: Listening }).connector,
    );
    const detectors = connectors.map(({ failoverDetector }) => failoverDetector?.sentinels ?? []);
    return detectors.every(({ length }) => length > 0) && detectors.flat();
  });
  const others = ["another-primary", `${watched.name}-2`, `the-${watched.name}`];
  const news = [
    ...others.map((other) => `${other} 127.0.0.1 1 127.0.0.1 2`),
    `${watched.name} 127.0.0.1 1 127.0.0.1 ${watched.first.port}`,
  ];
  for (const { client } of listening) for (const text of news) client.emit("message", "+switch-master", text);
  // A cut connection would not answer.
  await Promise.all([clients.redis.get("key"), clients.subscriber.ping()]);
  expect(closed).toEqual([]);
});

test("at a failover all connections leave the old primary at once, while it still takes writes", async ({
  watched,
  open,
}) => {
  const { clients } = open(watched.sentinels);
  await isReady(clients);
  await until(
    "a failover",
    async () => (await watched.ask(0, "SENTINEL", "FAILOVER", watched.name)) === "OK",
  );
  const links = [clients.redis, clients.subscriber];
  const portOf = async (link: (typeof links)[number]) =>
    Number(/tcp_port:(\d+)/.exec(await link.info("server"))?.[1]);
  await until("the new primary", async () => {
    const ports = await Promise.all(links.map(portOf));
    return ports.every((port) => port === watched.second.port);
  });
  expect(await watched.first.client.info("replication"), "the old primary does not know yet").toContain(
    "role:master",
  );
  expect(await clients.redis.set("key", "1")).toBe("OK");
});
