import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { recordKeys } from "../../server/records/keys";
import { valueAt } from "../../server/records/kinds";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { sharedCluster } from "../support/redis-cluster";
import type { RedisServer } from "../support/redis-server";
import { commandsIn, documentedAcl, documentedAdditions } from "../support/store-acl";
import { dumped, filled, inRedis } from "../support/store-dumps";
import { reachable } from "./brokers";
import { fillStore } from "./filled-store";
import { draft, enter, ObservedRoom } from "./observed-room";
import { writeOneOfEach } from "./one-of-each";
import { connectTo, expect, silent, test } from "./stores";

const limits = { historyLimit: 10_000, historyDays: 30 };

/** From now on the servers count afresh. */
const countAnew = (servers: readonly RedisServer[]) =>
  Promise.all(servers.map(({ client }) => client.call("CONFIG", "RESETSTAT")));

/** The commands that these servers have carried out since, within scripts too. */
async function carriedOut(servers: readonly RedisServer[]): Promise<Set<string>> {
  const stats = await Promise.all(servers.map(({ client }) => client.info("commandstats")));
  const counts = stats.join("\n").matchAll(/^cmdstat_([a-z|]+):calls=[1-9]/gm);
  return new Set([...counts].map(([, name = ""]) => name));
}

/** The commands that the scripts call by name, also on ways that no test goes. */
const inScripts = (): string[] =>
  ["server/redis/lua", "server/broker/redis/lua"].flatMap((folder) =>
    readdirSync(folder).flatMap((file) => {
      const calls = readFileSync(path.join(folder, file), "utf8").matchAll(/redis\.p?call\('([A-Z]+)'/g);
      return [...calls].map(([, name = ""]) => name.toLowerCase());
    }),
  );

/** What replicas send beside that, for reading. */
async function readOneOfEach(
  broker: LoneRedisBroker,
  { redis }: RedisClients,
  prefix: string,
): Promise<void> {
  const { following } = await ObservedRoom.follow(broker, "lobby");
  await following.stop();
  const records = new RedisRecords(redis, prefix);
  const visits = new VisitedRooms(records);
  for (const visitor of ["a", "b"]) await visits.visited(visitor, "garden");
  expect(await visits.shared("a", "b")).toEqual(["garden"]);
  await new ConversationIndex(records, limits).list("a", ["b", "c"]);
  await records.write([valueAt(recordKeys.moderation.export("a link that was not made")).take()]);
}

test("the replicas' user may use no command that replicas do not send", async ({ startRedis, prefix }) => {
  const redis = await startRedis();
  await countAnew([redis]);
  const clients = createRedisClients(`${redis.url}/1`, silent);
  const broker = new LoneRedisBroker({ url: "", clients, prefix, ...limits });
  await reachable(broker);
  await writeOneOfEach(broker, clients, prefix);
  await readOneOfEach(broker, clients, prefix);
  await clients.subscriber.ping();
  await broker.close();
  const needed = new Set([...(await carriedOut([redis])), ...inScripts()]);
  needed.add("exists"); // After one whole lease a replica asks for those of others: replica-lease.test.ts.
  const permitted = commandsIn(documentedAcl());
  expect(permitted.length).toBeGreaterThan(50);
  expect(permitted.filter((name) => !needed.has(name))).toEqual([]);
});

test("the tool's user may use no further command that an export and an import do not send", async ({
  startRedis,
  openBroker,
  prefix,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await fillStore(broker, new RedisRecords(redis.client, prefix));
  await broker.close();
  const target = `${prefix}moved:`;
  await redis.client.set(`${target}asset:old`, "a key that an empty store may have");
  await countAnew([redis]);
  await filled(inRedis(redis.url, target), await dumped(inRedis(redis.url, prefix)));
  const needed = await carriedOut([redis]);
  const added = commandsIn(documentedAdditions.tool());
  expect(added.filter((name) => !needed.has(name))).toEqual([]);
  expect(added.filter((name) => commandsIn(documentedAcl()).includes(name))).toEqual([]);
});

test("the user of a cluster may use no further command that replicas do not send", async ({ prefix }) => {
  const cluster = await sharedCluster();
  await countAnew(cluster.servers);
  const clients = await connectTo("cluster", { url: "" });
  const broker = new LoneRedisBroker({ url: "", clients, prefix, ...limits });
  await reachable(broker);
  const { observed, following } = await ObservedRoom.follow(broker, "lobby");
  await enter(broker, "lobby", "a", "a1");
  await broker.feed.publish("lobby", "a1", draft("said"));
  await observed.first(({ kind }) => kind === "message");
  await following.stop();
  const key = `${prefix}moving`;
  await cluster.moveSlot(key, async () => void (await clients.redis.set(key, "1")));
  await broker.close();
  const needed = await carriedOut(cluster.servers);
  const added = commandsIn(documentedAdditions.cluster());
  expect(added).toContain("asking");
  expect(added.filter((name) => !needed.has(name))).toEqual([]);
});
