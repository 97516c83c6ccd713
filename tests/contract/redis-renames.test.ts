import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock, rounds } from "./hand-clock";
import { draft, enter, enterAs, ObservedRoom, renameAs } from "./observed-room";

/** Renames on several replicas over one Redis, and after the store has lost keys. Each broker stands for a replica. */

/** Deletes these keys in one step. */
const lose = ({ client }: RedisServer, keys: string) =>
  client.eval("for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end", 0, keys);

test("[ID-3] when renames and joins on three replicas claim one name at once, one gets it, in each of thirty rounds", async ({
  openBrokers,
}) => {
  const [one, two, three] = await openBrokers(3);
  if (three === undefined) throw new Error("there are three");
  await enter(one, "lobby", "a", "a1", "Otter");
  await enter(two, "lobby", "b", "b1", "Heron");
  for (let round = 0; round < 30; round += 1) {
    const tries = await Promise.allSettled([
      renameAs(one, "lobby", "a", "a1", `Crane ${round}`),
      renameAs(two, "lobby", "b", "b1", `CRANE ${round}`),
      enterAs(three, "lobby", "c", `c${round}`, `crane ${round}`),
    ]);
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await three.membership.leave("lobby", `c${round}`);
  }
  const { entries } = await one.feed.read("lobby", { limit: 200 });
  const last = new Map(entries.flatMap((entry) => ("by" in entry ? [[entry.by.id, entry.by.name]] : [])));
  for (const [broker, visitor] of [[one, "a"] as const, [two, "b"] as const])
    expect((await enter(broker, "lobby", visitor, `${visitor}2`)).self.name).toBe(last.get(visitor));
});

test("[ID-3] [N-3] after a lost lease a renamed member is entered again under its new name, without a notice", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const clock = new HandClock();
  const [one, two] = [await openBroker({ clock }), await openBroker()];
  await enter(one, "lobby", "a", "a1", "Otter");
  await renameAs(one, "lobby", "a", "a1", "Heron");
  const { observed, following } = await ObservedRoom.follow(two, "lobby");
  const leases = await redis.client.smembers(`${prefix}replicas`);
  const [held = ""] = await redis.client.hkeys(`${prefix}{lobby}:connections`);
  const lost = leases.find((replica) => held.startsWith(replica)) ?? "";
  await redis.client.del(`${prefix}replica:${lost}:lease`);
  await until("its place under another name", async () => {
    clock.tick(rounds);
    return (await redis.client.hlen(`${prefix}{lobby}:connections`)) === 2;
  });
  const { seq } = await one.feed.publish("lobby", "a1", draft("still here"));
  await following.reach(seq);
  expect(observed.entries).toMatchObject([{ kind: "message", by: { name: "Heron" } }]);
});

for (const isElsewhere of [false, true])
  test(`[ID-3] a store that lost everything gets the new name back from a tab ${isElsewhere ? "on another replica" : "beside"}`, async ({
    redis,
    prefix,
    openBroker,
  }) => {
    const clock = new HandClock();
    const one = await openBroker();
    const other = await openBroker({ clock });
    const renaming = isElsewhere ? one : other;
    await enter(renaming, "lobby", "a", "a1", "Otter");
    await enter(other, "lobby", "a", "a2", "Otter");
    // A replica learns of another replica's rename from the feed, and knows its own anyway.
    const watch = isElsewhere ? await ObservedRoom.follow(other, "lobby") : undefined;
    await renameAs(renaming, "lobby", "a", "a1", "Heron");
    await watch?.following.reach(2);
    // Only the other tab remains: no other member knows the name.
    await renaming.membership.leave("lobby", "a1");
    await lose(redis, `${prefix}*`);
    clock.tick(rounds);
    await until("the member", async () => (await redis.client.hlen(`${prefix}{lobby}:members`)) === 1);
    expect((await one.feed.read("lobby", { limit: 9 })).entries).toMatchObject([
      { kind: "join", by: { id: "a", name: "Heron" } },
    ]);
  });

test("[C-3] a full store refuses a rename completely, and accepts it when there is room again", async ({
  startRedis,
  openBroker,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1", "Otter");
  await redis.client.config("SET", "maxmemory", "1");
  await expect(renameAs(broker, "lobby", "a", "a1", "Heron")).rejects.toMatchObject({ code: "storage_full" });
  await redis.client.config("SET", "maxmemory", "0");
  await enterAs(broker, "lobby", "b", "b1", "Heron");
  await expect(renameAs(broker, "lobby", "a", "a1", "heron")).rejects.toMatchObject({ code: "name_taken" });
  expect((await renameAs(broker, "lobby", "a", "a1", "Crane")).name).toBe("Crane");
  expect((await broker.feed.read("lobby", { limit: 9 })).entries).toMatchObject([
    { kind: "join", by: { name: "Otter" } },
    { kind: "join", by: { name: "Heron" } },
    { kind: "rename", by: { name: "Crane" }, was: "Otter" },
  ]);
});
