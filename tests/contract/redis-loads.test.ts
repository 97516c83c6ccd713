import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock } from "./hand-clock";

/** How many connections each replica has. Each broker stands for a replica; by its hand clock no lease is renewed. */

const clock = new HandClock();
const unavailable = expect.objectContaining({ code: "unavailable" });
const ascending = (counts: number[]) => [...counts].sort((a, b) => a - b);

test("each replica learns the numbers of all living ones, its own included", async ({ openBrokers }) => {
  const [one, two, three] = await openBrokers(3);
  expect(await one.shareLoad(7)).toEqual([7]);
  expect(await two.shareLoad(0)).toEqual([0, 7]);
  expect(ascending((await three?.shareLoad(1)) ?? [])).toEqual([0, 1, 7]);
  expect(ascending(await one.shareLoad(6))).toEqual([0, 1, 6]);
});

test("a killed replica counts until its lease lapses", async ({ redis, prefix, openBroker, openLink }) => {
  const { front, url } = await openLink(redis);
  const victim = await openBroker({ url, clock });
  const [lease = ""] = await redis.client.keys(`${prefix}replica:*:lease`);
  await victim.shareLoad(40);
  const survivor = await openBroker({ clock });
  await front.close();
  expect(await survivor.shareLoad(2)).toEqual([2, 40]);
  await redis.client.pexpire(lease, 1);
  await until("its end", async () => (await redis.client.exists(lease)) === 0);
  expect(await survivor.shareLoad(2)).toEqual([2]);
});

test("sharing the load does not prolong the lease: only presence renews it", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker({ clock });
  const [lease = ""] = await redis.client.keys(`${prefix}replica:*:lease`);
  await redis.client.pexpire(lease, 5_000);
  await broker.shareLoad(1);
  await broker.withdrawLoad();
  const leftMs = await redis.client.pttl(lease);
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(5_000);
});

test("sharing the load does not revive a lost lease", async ({ redis, prefix, openBroker }) => {
  const broker = await openBroker({ clock });
  const [lease = ""] = await redis.client.keys(`${prefix}replica:*:lease`);
  await redis.client.del(lease);
  await expect(broker.shareLoad(1)).rejects.toEqual(unavailable);
  await expect(broker.withdrawLoad()).rejects.toEqual(unavailable);
  expect(await redis.client.exists(lease)).toBe(0);
});

test("a replica that has withdrawn its load does not count for the others, and keeps its lease", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const [leaving, staying] = await openBrokers(2);
  await leaving.shareLoad(40);
  await leaving.withdrawLoad();
  expect(await staying.shareLoad(2)).toEqual([2]);
  expect(await redis.client.keys(`${prefix}replica:*:lease`)).toHaveLength(2);
});

test("a replica that has closed does not count", async ({ openBrokers }) => {
  const [leaving, staying] = await openBrokers(2);
  await leaving.shareLoad(40);
  expect(await staying.shareLoad(2)).toEqual([2, 40]);
  await leaving.close();
  expect(await staying.shareLoad(2)).toEqual([2]);
});

test("a replica of an older build, whose lease has no number, does not count as an empty one", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  const older = "older";
  await redis.client.sadd(`${prefix}replicas`, older);
  await redis.client.set(`${prefix}replica:${older}:lease`, "1", "PX", 10_000);
  expect(await broker.shareLoad(9)).toEqual([9]);
});

test("a store that is full or away refuses the load, and nothing else changes", async ({
  startRedis,
  prefix,
  openBrokers,
}) => {
  const redis = await startRedis();
  const [one, two] = await openBrokers(2, { url: redis.url });
  await one.shareLoad(5);
  await redis.client.config("SET", "maxmemory", "1");
  await expect(one.shareLoad(6)).rejects.toMatchObject({ code: "storage_full" });
  await expect(one.withdrawLoad()).rejects.toMatchObject({ code: "storage_full" });
  expect(await redis.client.keys(`${prefix}replica:*:lease`)).toHaveLength(2);
  await redis.client.config("SET", "maxmemory", "0");
  expect(await two.shareLoad(1)).toEqual([1, 5]);
  redis.pause();
  await expect(one.shareLoad(6)).rejects.toEqual(unavailable);
  redis.resume();
});
