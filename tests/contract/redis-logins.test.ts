import pino from "pino";
import { connectToServer } from "../../server/redis/clients";
import { openLoneStore } from "../../server/redis/lone-store";
import { until } from "../support/until";
import { test as base, expect } from "./brokers";

type ServerClients = ReturnType<typeof connectToServer>;
type Line = { level: number; msg: string; err?: string };

const warning = 40;
const password = "one-that-is-never-logged";
/** More than the servers of these tests have. */
const missing = 9;

const test = base.extend<{ open: (url: string) => { clients: ServerClients; log: Line[] } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  open: async ({}, use) => {
    const opened: ServerClients[] = [];
    await use((url) => {
      const log: Line[] = [];
      const logger = pino({}, { write: (line) => void log.push(JSON.parse(line) as Line) });
      const clients = connectToServer(url, logger);
      opened.push(clients);
      return { clients, log };
    });
    for (const clients of opened) await clients.close();
  },
});

/** Waits until both connections have been tried so often. */
async function tries({ redis, subscriber }: ServerClients, count: number): Promise<void> {
  await Promise.all(
    [redis, subscriber].map((client) => {
      let times = 0;
      client.on("reconnecting", () => {
        times += 1;
      });
      return until(`${count} tries`, () => times >= count);
    }),
  );
}

const warningsIn = (log: readonly Line[]) =>
  log.filter(({ level }) => level === warning).map(({ msg }) => msg);

test("a connection whose database the store refuses is never ready, and nothing is read or written over it", async ({
  startRedis,
  open,
}) => {
  const { port, client } = await startRedis({ settings: { databases: "4" } });
  await client.set("key", "of database 0");
  const url = `redis://127.0.0.1:${port}`;
  const said = "REDIS_URL names a database that the store does not have";
  const { clients, log } = open(`${url}/${missing}`);
  const wasReady: string[] = [];
  for (const [name, each] of Object.entries({ commands: clients.redis, subscriber: clients.subscriber }))
    each.on("ready", () => wasReady.push(name));
  const answers: unknown[] = [];
  clients.redis.on("connect", () =>
    clients.redis.set("key", "written").then(
      (answer) => answers.push(answer),
      () => undefined,
    ),
  );
  const heard: string[] = [];
  clients.subscriber.on("message", (_channel, text) => heard.push(text));
  void clients.subscriber.subscribe("channel").catch(() => undefined);
  await tries(clients, 3);
  await client.publish("channel", "of database 0");
  await tries(clients, 1);
  expect(wasReady).toEqual([]);
  expect([answers, heard]).toEqual([[], []]);
  expect(await client.get("key")).toBe("of database 0");
  expect(warningsIn(log)).toEqual([`store connection failed: ${said}`]);
  await expect(openLoneStore({ url: `${url}/${missing}` }), "the store tool").rejects.toThrow(said);

  const { clients: others } = open(`${url}/3`);
  await until("a database that is there", () => others.redis.status === "ready");
  expect(await others.redis.get("key")).toBeNull();
});

test("a user who may not select the database is refused as well", async ({ startRedis, open }) => {
  const { port, client } = await startRedis({ settings: { databases: "4" } });
  await client.call("ACL", "SETUSER", "narrow", "on", `>${password}`, "~*", "&*", "+@all", "-select");
  const url = `redis://narrow:${password}@127.0.0.1:${port}/1`;
  const { clients, log } = open(url);
  await tries(clients, 3);
  expect(clients.redis.status).not.toBe("ready");
  expect(warningsIn(log)).toEqual([expect.stringContaining("its user lacks a right")]);
  expect(JSON.stringify(log)).not.toContain(password);
  await expect(openLoneStore({ url })).rejects.toThrow("its user lacks a right");
});

test("a database that is missing after a restart ends the connection to the store until it is there again", async ({
  startRedis,
  open,
}) => {
  const server = await startRedis();
  const { clients, log } = open(`redis://127.0.0.1:${server.port}/${missing}`);
  await until(
    "both connections",
    () => clients.redis.status === "ready" && clients.subscriber.status === "ready",
  );
  await clients.subscriber.subscribe("channel");
  await clients.redis.set("key", "of the database");
  await server.restart({ databases: "4" });
  await tries(clients, 3);
  expect(clients.redis.status).not.toBe("ready");
  expect(warningsIn(log)).toContain(
    "store connection failed: REDIS_URL names a database that the store does not have",
  );
  await server.restart({ databases: "16" });
  await until(
    "both connections",
    () => clients.redis.status === "ready" && clients.subscriber.status === "ready",
  );
  await clients.redis.set("key", "again");
  await server.client.select(missing);
  expect(await server.client.get("key")).toBe("again");
});

for (const { what, login, said } of [
  {
    what: "a wrong password",
    login: "madang:wrong-one@",
    said: "it refuses the login: check the user and the password in REDIS_URL",
  },
  { what: "a missing password", login: "", said: "it wants a password: write it into REDIS_URL" },
])
  test(`${what} causes one line for both connections, however often they are tried, and names the setting`, async ({
    startRedis,
    open,
  }) => {
    const { port, client } = await startRedis();
    await client.call("ACL", "SETUSER", "default", "resetpass", `>${password}`);
    const url = `redis://${login}127.0.0.1:${port}`;
    const { clients, log } = open(url);
    await tries(clients, 3);
    expect(warningsIn(log)).toEqual([expect.stringContaining(said)]);
    expect(JSON.stringify(log)).not.toMatch(/wrong-one|never-logged/);
    await expect(openLoneStore({ url }), "the store tool").rejects.toThrow(said);
  });

test("an address that leads to a read-only Redis causes one warning, however often the connection is made anew", async ({
  startRedis,
  open,
}) => {
  const { port, client } = await startRedis();
  await client.call("REPLICAOF", "127.0.0.1", port + 1);
  const { clients, log } = open(`redis://127.0.0.1:${port}`);
  let left = 0;
  clients.redis.on("close", () => {
    left += 1;
  });
  await until("three connections that were left", async () => {
    await clients.redis.set("key", "1").catch(() => undefined);
    return left >= 3;
  });
  expect(warningsIn(log)).toEqual([expect.stringMatching(/^Redis is read-only.* check REDIS_URL$/)]);
  const connected = log.filter(({ msg }) => msg === "store connected");
  expect(connected.length, "twice by each connection").toBeLessThanOrEqual(4);
});
