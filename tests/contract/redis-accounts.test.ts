import pino from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { RedisServer } from "../support/redis-server";
import { codeOf, endKeptMs, type OpenAccounts } from "./account-contract";
import { expect, test } from "./brokers";
import { freshPrefix } from "./observed-room";

let redis: RedisServer;
const opened: RedisClients[] = [];

async function open(prefix: string, url = redis.url): Promise<Pick<OpenAccounts, "store" | "quotas">> {
  const clients = createRedisClients(url, pino({ level: "silent" }));
  opened.push(clients);
  await new Promise<void>((resolve) => clients.redis.once("ready", () => resolve()));
  const records = new RedisRecords(clients.redis, prefix);
  return { store: new AccountStore(records, { endKeptMs }), quotas: new QuotaStore(records) };
}

test.beforeAll(async () => {
  redis = await RedisServer.start();
});
test.afterEach(async () => {
  for (const clients of opened.splice(0)) await clients.close();
});
test.afterAll(() => redis.stop());

test("[H-6] redis: the list of devices lapses with the last token that can be valid", async () => {
  const prefix = freshPrefix("accounts");
  const { store } = await open(prefix);
  const asker = { visitor: "visitor", generation: 0, device: "phone" };
  await store.add(asker, "mine", { handle: "mine", password: "hash" });
  await store.devices.note(asker, { name: "", isProven: false });
  const left = await redis.client.pttl(`${prefix}{@accounts}:devices:visitor`);
  expect(Math.abs(left - endKeptMs)).toBeLessThan(60_000);
});

test("[ID-1] redis: replicas learn of every end even if the clock goes back", async () => {
  const prefix = freshPrefix("accounts");
  const { store } = await open(prefix);
  const ahead = Date.now() + 3_600_000;
  await redis.client.zadd(`${prefix}{@accounts}:ended`, ahead, "from-the-future");
  const generation = await store.end({ visitor: "now", generation: 0 });
  expect(generation).toBe(ahead + 1);
  expect(await store.ends.after(ahead)).toEqual([{ visitor: "now", generation }]);
});

test("[ID-1] redis: while the store is away every call soon fails as unavailable", async ({ startRedis }) => {
  const own = await startRedis();
  const { store } = await open("madang:away:", own.url);
  const unavailable = expect.objectContaining({ code: "unavailable" });
  own.pause();
  const asked = Date.now();
  await expect(store.ends.generationOf("visitor")).rejects.toEqual(unavailable);
  await expect(store.end({ visitor: "visitor", generation: 0 })).rejects.toEqual(unavailable);
  expect(Date.now() - asked).toBeLessThan(6_000);
  await own.kill();
  await expect(store.ends.after(0)).rejects.toEqual(unavailable);
});

test("[H-4] redis: a foreign value under a key is an error, and no account is stored by half", async () => {
  for (const part of ["accounts", "handles", "ended"]) {
    const prefix = freshPrefix("accounts");
    const { store } = await open(prefix);
    const asker = { visitor: "visitor", generation: 0 };
    const broken = `${prefix}{@accounts}:${part}`;
    await redis.client.set(broken, "something else wrote this");
    const steps = [
      () => store.add(asker, "mine", { handle: "mine", password: "" }),
      () => store.remove(asker),
    ];
    // A visitor without an account has none to delete, even with a handle that exists.
    for (const step of part === "handles" ? steps.slice(0, 1) : steps)
      expect(await codeOf(step()), part).toBe("internal");
    expect(await redis.client.keys(`${prefix}*`), part).toEqual([broken]);
  }
});

test("[ID-1] [H-4] redis: a full store refuses new accounts and codes, and still reads and deletes existing ones", async ({
  startRedis,
}) => {
  const own = await startRedis();
  const { store, quotas } = await open("madang:full:", own.url);
  const asker = { visitor: "visitor", generation: 0 };
  await store.add(asker, "mine", { handle: "mine", password: "hash" });
  await own.client.config("SET", "maxmemory", "1");
  const steps = [
    () => store.add({ ...asker, visitor: "other" }, "other", { handle: "other", password: "" }),
    () => store.codes.keep("code", asker, 1_000),
  ];
  for (const step of steps) expect(await codeOf(step())).toBe("storage_full");
  expect(await store.find("mine")).toEqual({ session: asker, account: { handle: "mine", password: "hash" } });
  expect(await codeOf(quotas.spend([{ key: "log-in", limit: 1, windowMs: 1_000 }]))).toBe("done");
  expect(await codeOf(store.remove(asker))).toBe("done");
  expect(await codeOf(store.end({ visitor: "other", generation: 0 }))).toBe("done");
});
