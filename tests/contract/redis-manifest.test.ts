import { readdirSync } from "node:fs";
import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { directRoomOf } from "../../server/broker/direct-rooms";
import type { RedisBroker } from "../../server/broker/redis/broker";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { RedisSharedRates } from "../../server/limits/redis/shared-rates";
import { WrittenMessages } from "../../server/limits/written-messages";
import { StateStore } from "../../server/moderation/state-store";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { RoomIndex } from "../../server/rooms/room-index";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { ManifestRedis, withoutReplay } from "../support/manifest-redis";
import { until } from "../support/until";
import { endKeptMs } from "./account-contract";
import { reachable } from "./brokers";
import { draft, enter, named, rename } from "./observed-room";
import { test as base, expect, silent } from "./stores";

const prefix = "madang:";
const history = { historyLimit: 100, historyBytes: 2_000, historyDays: 30 };

type OpenOptions = { clients?: RedisClients; causes?: string[] };

const test = base.extend<{
  startManifestRedis: typeof ManifestRedis.start;
  openManifestBroker: (redis: ManifestRedis, options?: OpenOptions) => Promise<RedisBroker>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startManifestRedis: async ({}, use) => {
    const started: ManifestRedis[] = [];
    await use(async (options) => {
      const redis = await ManifestRedis.start(options);
      started.push(redis);
      return redis;
    });
    for (const redis of started) await redis.stop();
  },
  openManifestBroker: async ({ startManifestRedis: _first }, use) => {
    const opened: RedisBroker[] = [];
    await use(async ({ url }, { clients, causes = [] } = {}) => {
      const broker = new LoneRedisBroker({ url, prefix, ...history, clients });
      broker.onRewound((cause) => causes.push(cause));
      opened.push(broker);
      await reachable(broker);
      return broker;
    });
    await Promise.all(opened.map((broker) => broker.close()));
  },
});

/** Clients that record which of our scripts they run. */
function recordingClients(url: string): { clients: RedisClients; ran: Set<string> } {
  const clients = createRedisClients(url, silent);
  const ran = new Set<string>();
  const { redis } = clients;
  const defineCommand = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, definition) => {
    defineCommand(name, definition);
    const table = redis as unknown as Record<string, (...args: unknown[]) => unknown>;
    const run = table[name]?.bind(redis);
    table[name] = (...args) => {
      ran.add(name.replace("madang:", ""));
      return run?.(...args);
    };
  };
  return { clients, ran };
}

/** Writes one of everything that replicas write. */
async function writeOneOfEach(broker: RedisBroker, { redis }: RedisClients): Promise<void> {
  await broker.rooms.create({ id: "garden", title: "Garden", kind: "public", owner: "a" });
  await enter(broker, "garden", "a", "a1");
  await enter(broker, "garden", "b", "b1");
  for (const text of ["one", "two", "three"]) await broker.feed.publish("garden", "a1", draft(text));
  await rename(broker, "garden", "b", "b1", "Beech");
  await broker.feed.publish("garden", "b1", draft("from b"));
  await broker.feed.remove("garden", "a1", 4);
  await broker.typing.set("garden", "a1", true);
  await broker.membership.list("garden");
  await broker.feed.removeAllOf("garden", "b");
  await broker.rooms.retitle("garden", "Yard");
  await broker.membership.expel("garden", "b");
  await broker.rooms.forget("garden", "b");
  // A crowd with joins that are only counted, and a name that is kept for the visitor that spoke under it.
  for (let index = 0; index < 65; index += 1) await enter(broker, "garden", `v${index}`, `w${index}`);
  await broker.feed.publish("garden", "w64", draft("heard by all"));
  for (const index of [0, 64]) await broker.membership.leave("garden", `w${index}`);
  await until("the crowd", async () =>
    (await broker.feed.read("garden", { limit: 5 })).entries.some(({ kind }) => kind === "visits"),
  );
  await broker.rooms.create({ id: "shed", title: "Shed", kind: "public", owner: "a" });
  await enter(broker, "shed", "a", "a2");
  await broker.rooms.close("shed", "a2");
  await broker.rooms.create({ id: "porch", title: "Porch", kind: "public", owner: "a" });
  await enter(broker, "porch", "a", "a5");
  await enter(broker, "porch", "b", "b5");
  await broker.rooms.retitle("porch", "Veranda");
  const { seq } = await broker.feed.publish("porch", "a5", { ...draft("by the owner"), role: "owner" });
  for (const isWithheld of [true, false])
    await broker.feed.publish("porch", "b5", { ...draft("spam"), isWithheld });
  await broker.feed.publishWithheld("porch", seq + 1);
  await broker.feed.removeAny("porch", seq);
  await broker.feed.removeAllOf("porch", "b");
  await broker.membership.expel("porch", "b");
  await broker.rooms.ownViews(["porch"], "b");
  await broker.rooms.end("porch", { id: "o", name: "Owner", role: "owner" });
  await enter(broker, "lobby", "a", "a3");
  await enter(broker, "lobby", "c", "c1");
  for (let index = 0; index < 10; index += 1)
    await broker.feed.publish("lobby", "a3", draft(`lobby ${index}`));
  await broker.membership.leave("lobby", "c1");
  await broker.membership.enter({
    room: "lobby",
    connection: "c2",
    visitor: "c",
    names: [named("c")],
    isReturn: true,
  });
  const [ann, ben] = ["a", "b"].map((letter) => letter.repeat(16)) as [string, string];
  const pair = directRoomOf(ann, ben);
  await broker.rooms.create({ id: pair, title: pair, kind: "direct", askedBy: ann, sharedRoom: "lobby" });
  await enter(broker, pair, ann, "a4");
  await broker.feed.publish(pair, "a4", draft("hello"));
  await broker.rooms.accept(pair, ben, "garden");
  await broker.unread.count([pair], ben);
  const { epoch } = await broker.feed.read("garden", { limit: 10 });
  await broker.feed.rewind("garden", epoch);

  const records = new RedisRecords(redis, prefix);
  const roomIndex = new RoomIndex(records);
  const quota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 1_000 };
  await roomIndex.slots.reserve("a", "garden", quota);
  await roomIndex.heard([{ room: "garden", activeAt: 1_000, people: 1 }]);
  const title = await roomIndex.titles.claim("garden", "garden");
  await roomIndex.titles.claim("shed", "shed");
  await roomIndex.titles.freeAndConfirm({ gone: [], there: [title.claim] });
  const { active, crowded } = await roomIndex.read();
  if (active.length === 0) throw new Error("the room is not listed");
  const findings = active.map((ranked) => ({ ranked, truly: ranked.rank + 1 }));
  await roomIndex.correct({
    active: findings,
    crowded: crowded.map((ranked) => ({ ranked, truly: undefined })),
  });
  await new RedisSharedRates(redis, prefix).take("network", [
    { key: "rooms", rate: { perSecond: 1 / 60, burst: 5 } },
    { key: "bytes", rate: { perSecond: 1, burst: 500 }, cost: 50 },
  ]);
  const written = new WrittenMessages(records);
  await written.add("a", "garden 1", 60_000);
  await written.remove("a", "garden 2");
  const moderated = new StateStore(records);
  await moderated.write([{ subject: "role a", text: "{}" }], { by: "a", did: "owner:claim" });
  await moderated.amend("role a", () => '{"role":"moderator"}');
  await moderated.changedAfter(0);
  await moderated.all();
  await moderated.acts(undefined, 10);
  const visits = new VisitedRooms(records);
  await visits.visited("a", "garden");
  await visits.beginForgetting({ visitor: "d", generation: 1 }, 0);
  await visits.takeForgetting();
  const accounts = new AccountStore(records, { endKeptMs });
  const [a, b] = [
    { visitor: "a", generation: 0 },
    { visitor: "b", generation: 0 },
  ];
  await accounts.add(a, "ada", { handle: "Ada", password: "hash" });
  await accounts.find("ada");
  await accounts.read(a);
  await accounts.codes.keep("code", a, 600_000);
  await accounts.codes.take("code");
  await accounts.codes.keep("other", a, 600_000);
  await accounts.end(b);
  const phone = { ...a, device: "phone" };
  await accounts.devices.note(phone, { name: "Firefox, Android", isProven: true });
  await accounts.devices.note({ ...a, device: "desk" }, { name: "", isProven: false });
  await accounts.devices.list(a);
  await accounts.devices.end(a, "desk");
  const was = { handle: "Ada", password: "hash" };
  await accounts.setPassword(phone, { was, password: "other", ending: false });
  await accounts.add({ visitor: "c", generation: 0 }, "cleo", { handle: "Cleo", password: "hash" });
  await accounts.remove({ visitor: "c", generation: 0 });
  await new QuotaStore(records).spend([{ key: "tries", limit: 5, windowMs: 600_000 }]);
  const index = new ConversationIndex(records, { historyDays: 30 });
  await index.messageSent(ann, ben, 1_000);
  await index.drop(ann, ben);
  await index.opened("c", "b", 1);
  await index.requested("c", "b", 2);
  await index.messageSent("a", "b", 5);
  for (const each of (await index.list("a")).found) await index.ended("a", each);
  await index.settings.block("a", "b", true);
}

/** Lua files that are part of several scripts. */
const shared = ["prelude", "room", "entries", "authors", "totals", "feed", "append", "amend", "presence"];
/** Scripts that share their file with another one. */
const twice = ["enter-again", "commit-when-full"];

const luaFiles = (folder: string) => readdirSync(folder).map((file) => file.replace(".lua", ""));

test("[C-3] everything that each script writes survives a restart of the manifests' Redis", async ({
  startManifestRedis,
  openManifestBroker,
}) => {
  const redis = await startManifestRedis();
  const { clients, ran } = recordingClients(redis.url);
  const broker = await openManifestBroker(redis, { clients });
  await until("the mark", () => ran.has("store-mark"));
  await writeOneOfEach(broker, clients);
  const files = ["server/redis/lua", "server/broker/redis/lua"].flatMap(luaFiles);
  const own = [...files.filter((name) => !shared.includes(name)), ...twice];
  expect([...ran].sort()).toEqual(own.sort());
  await broker.close();

  const before = await redis.contents();
  expect(Object.keys(before).length).toBeGreaterThan(30);
  await redis.restart();
  expect(await redis.contents()).toEqual(before);
  await redis.restart();
  expect(await redis.contents()).toEqual(before);
});

test("a refused replay is reported once for each run of Redis, and the lobby still works", async ({
  startManifestRedis,
  openManifestBroker,
}) => {
  const redis = await startManifestRedis({ accessList: withoutReplay });
  const causes: string[] = [];
  const broker = await openManifestBroker(redis, { causes });
  await enter(broker, "lobby", "a", "a1");
  for (let index = 0; index < 20; index += 1) await broker.feed.publish("lobby", "a1", draft(`${index}`));
  const whole = Object.keys(await redis.contents()).length;

  for (let run = 1; run <= 2; run += 1) {
    await redis.restart();
    await until("the report", () => causes.length === run);
    expect(causes.at(-1)).toBe("refused");
    await reachable(broker);
    const { seq } = await until("a message in the lobby", () =>
      broker.feed.publish("lobby", "a1", draft("on")),
    );
    expect(seq).toBeGreaterThan(0);
    // A replica that starts afterwards learns it from Redis, because it has no mark of its own to compare.
    const told: string[] = [];
    const late = await openManifestBroker(redis, { causes: told });
    await until("the late report", () => told.length > 0);
    expect(told).toEqual(["refused"]);
    expect((await enter(late, "lobby", `late${run}`, `l${run}`)).memberCount).toBeGreaterThan(1);
    await late.close();
  }

  // The content is complete again once a default user with the needed rights replays the file.
  await redis.restart((script) => script);
  await until("the key count", async () => Object.keys(await redis.contents()).length >= whole);
});

test("[C-6] a lobby that lost some fields in a restart is made anew, and so is the room of a post", async ({
  startManifestRedis,
  openManifestBroker,
}) => {
  const redis = await startManifestRedis();
  const broker = await openManifestBroker(redis);
  for (const id of ["lobby", "post-hello"]) {
    const key = `${prefix}{${id}}:room`;
    if (id !== "lobby") await broker.rooms.create({ id, title: "Hello", kind: "public" });
    for (const fields of [{ "gone:x:": "1" }, { epoch: "e", rewoundFrom: "d" }, { seq: "5", at: "1" }]) {
      await redis.client.del(key);
      await redis.client.hset(key, fields);
      if (id !== "lobby") await broker.rooms.create({ id, title: "Hello", kind: "public" });
      const { self, head } = await enter(broker, id, "a", "a1");
      expect(self.name).toBe("a");
      expect((await broker.feed.publish(id, "a1", draft("works"))).seq).toBe(head.seq + 1);
      expect(await broker.rooms.summaries([id])).toMatchObject([{ id, closed: false }]);
    }
  }
  await broker.membership.rename({ room: "lobby", visitor: "a", connection: "a1", names: [named("Ash")] });
});

test("the replicas' user can neither administer Redis nor touch keys of others", async ({
  startManifestRedis,
}) => {
  const { client } = await startManifestRedis();
  for (const command of [
    ["CONFIG", "GET", "*"],
    ["CONFIG", "SET", "maxmemory", "0"],
    ["ACL", "LIST"],
    ["FLUSHALL"],
    ["KEYS", "*"],
    ["SHUTDOWN", "NOSAVE"],
    ["REPLICAOF", "192.0.2.1", "6379"],
    ["MODULE", "LIST"],
    ["CLIENT", "LIST"],
    ["FLUSHDB"],
    ["RENAME", `${prefix}one`, `${prefix}other`],
    ["GET", "others:key"],
    ["SET", "others:key", "1"],
    ["EVAL", "return redis.call('GET', 'others:key')", "0"],
    ["EVAL", "return redis.call('FLUSHALL')", "0"],
    ["PUBLISH", "others:channel", "1"],
  ])
    await expect(client.call(...(command as [string, ...string[]])), command.join(" ")).rejects.toThrow(
      /NOPERM|The user executing the script can't|not allowed from script/,
    );
  expect(await client.set(`${prefix}key`, "1")).toBe("OK");
});
