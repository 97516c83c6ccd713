import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { silentVisitsKeptMs, VisitedRooms, visitsKeptMs } from "../../server/accounts/visited-rooms";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { RedisRecords } from "../../server/records/redis/records";
import { RoomIndex } from "../../server/rooms/room-index";
import { endKeptMs } from "./account-contract";
import { test } from "./brokers";
import { expect } from "./stores";

/** Replicas of 0.1.0 without records ran Lua over these keys; both builds serve side by side during an update. */
test("[H-4] accounts, devices, codes and quotas have the form that an older release reads and writes", async ({
  redis: { client },
  prefix,
}) => {
  const key = (part: string) => `${prefix}{@accounts}:${part}`;
  const records = new RedisRecords(client, prefix);
  const store = new AccountStore(records, { endKeptMs });
  const quotas = new QuotaStore(records);
  const json = '{"handle":"Ada","password":"$argon2id$x"}';
  await client.hset(key("accounts"), "ada", `skeleton\n${json}`);
  await client.hset(key("handles"), "skeleton", "ada");
  await client.hset(key("devices:ada"), "phone", "1000 9999999999999 0 Firefox, Windows");
  await client.set(key("code:digest"), "ada 0", "PX", 60_000);
  await client.set(key("quota:tries"), "1", "PX", 60_000);

  const ada = { visitor: "ada", generation: 0 };
  const account = { handle: "Ada", password: "$argon2id$x" };
  expect(await store.find("skeleton")).toEqual({ session: ada, account });
  expect(await store.devices.list(ada)).toMatchObject([
    { id: "phone", since: 1_000, name: "Firefox, Windows" },
  ]);
  expect(await store.codes.holds("digest", ada)).toBe(true);
  await expect(quotas.spend([{ key: "tries", limit: 1, windowMs: 1 }])).rejects.toMatchObject({
    code: "rate_limited",
  });

  await store.add({ visitor: "bob", generation: 0 }, "bob's", { handle: "Bob", password: "hash" });
  expect(await client.hget(key("accounts"), "bob")).toBe('bob\'s\n{"handle":"Bob","password":"hash"}');
  expect(await client.hget(key("handles"), "bob's")).toBe("bob");
  await store.setPassword(ada, { was: account, password: "new", ending: false });
  expect(await client.hget(key("accounts"), "ada")).toBe('skeleton\n{"handle":"Ada","password":"new"}');
  await store.devices.note({ ...ada, device: "desk" }, { name: "Safari", isProven: false });
  expect(await client.hget(key("devices:ada"), "desk")).toMatch(/^(\d+) \1 0 Safari$/);
  await store.codes.keep("mine", ada, 60_000);
  expect(await client.get(key("code:mine"))).toBe("ada 0");
  await quotas.spend([{ key: "other", limit: 2, windowMs: 60_000 }]);
  expect(await client.get(key("quota:other"))).toBe("1");
  expect(await client.pttl(key("quota:other"))).toBeGreaterThan(50_000);
});

test("[ID-5] [DM-5] visits, forgettings, conversations and rooms have the form that an older release reads and writes", async ({
  redis: { client },
  prefix,
}) => {
  const records = new RedisRecords(client, prefix);
  const key = (part: string) => `${prefix}directory:${part}`;
  const visits = new VisitedRooms(records);
  await client.sadd(key("{ann}:visits"), "lobby");
  await client.pexpire(key("{ann}:visits"), visitsKeptMs / 2);
  expect(await visits.visited("ann", "lobby")).toBe(true);
  expect(await client.pttl(key("{ann}:visits")), "this visitor has spoken").toBeGreaterThan(
    visitsKeptMs - 60_000,
  );
  await visits.visited("ben", "lobby");
  expect(
    await client.pttl(key("{ben}:visits")),
    "a longer lifetime would mean that it has spoken",
  ).toBeLessThanOrEqual(silentVisitsKeptMs);
  await client.zadd(key("forgetting"), 5, "cleo 7");
  expect(await visits.takeForgetting()).toEqual([{ visitor: "cleo", generation: 7 }]);

  const index = new ConversationIndex(records, { historyDays: 30 });
  await client.zadd(key("{ann}:conversations"), 1_000, "ben", -2_000, "cleo");
  await client.set(key("{ann}:version"), "41");
  await client.set(key("{ann}:refuses"), "1");
  const start = await index.newlyListed();
  await client.xadd(key("newcomers"), "*", "v", "dora");
  await index.messageSent("ann", "ben", 3_000);
  expect(await index.list("ann")).toMatchObject({
    version: 42,
    found: [{ partner: "ben", lastEntryAt: 3_000 }],
  });
  expect((await index.settings.read("ann")).refusesNew).toBe(true);
  expect((await index.newlyListed(start.upTo)).visitors).toEqual(["dora", "ben"]);
  expect((await client.xrevrange(key("newcomers"), "+", "-", "COUNT", 1))[0]?.[1]).toEqual(["v", "ben"]);

  const roomIndex = new RoomIndex(records);
  await client.zadd(key("{rooms}:index"), 1_000, "tea");
  await client.hset(key("{rooms}:titles"), "tea time", "tea");
  await client.zadd(key("{rooms}:title-times"), 900, "tea time");
  expect((await roomIndex.read()).active).toEqual([{ room: "tea", rank: 1_000 }]);
  expect(await roomIndex.titles.claim("tea time", "other")).toMatchObject({
    is: "taken",
    claim: { room: "tea", at: 900 },
  });
});
