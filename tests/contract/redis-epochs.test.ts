import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock, headChecks, rounds } from "./hand-clock";
import { draft, enter, ObservedRoom } from "./observed-room";

/** Remembers the store's content, and returns a function that puts it back: the store is then older, as after a power loss. */
async function remember({ client }: RedisServer, prefix: string): Promise<() => Promise<void>> {
  const keys = await client.keys(`${prefix}*`);
  const copies = await Promise.all(
    keys.map(async (key) => ({ key, dump: await client.dumpBuffer(key), ttl: await client.pttl(key) })),
  );
  return async () => {
    // In one step, like a restart: no replica sees half of it.
    const step = client.multi();
    for (const key of await client.keys(`${prefix}*`)) step.del(key);
    for (const { key, dump, ttl } of copies)
      if (dump !== null) step.restore(key, Math.max(0, ttl), dump, "REPLACE");
    await step.exec();
  };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test("[F-0] a store that came back older reuses no number: the first message after it begins a new epoch", async ({
  redis,
  prefix,
  openBroker,
}) => {
  // The hand clock never compares heads: the message itself must notice.
  const clock = new HandClock();
  const broker = await openBroker({ clock });
  await enter(broker, "lobby", "a", "a1");
  const { observed, following } = await ObservedRoom.follow(broker, "lobby");
  for (let index = 0; index < 5; index += 1) await broker.feed.publish("lobby", "a1", draft(`kept ${index}`));
  const comeBack = await remember(redis, prefix);
  for (let index = 0; index < 5; index += 1) await broker.feed.publish("lobby", "a1", draft(`lost ${index}`));
  await observed.until(() => following.cursor.seq === 11);
  const { epoch } = following.cursor;
  await comeBack();
  const receipt = await broker.feed.publish("lobby", "a1", draft("after"));
  await observed.until(() => following.cursor.epoch !== epoch && following.cursor.seq >= receipt.seq);
  expect(receipt.seq).toBe(7);
  expect(observed.gaps).toMatchObject([{ from: 1, reason: "rewound" }]);
  expect(observed.entries.slice(-7).map((entry) => entry.seq)).toEqual(upTo(7));
  expect(new Set(observed.epochs.slice(-7))).toEqual(new Set([following.cursor.epoch]));
  // A retry with the old epoch cannot be distinguished from a first try.
  await expect(
    broker.feed.publish("lobby", "a1", { ...draft("late"), since: { epoch, seq: 6 } }),
  ).rejects.toMatchObject({ code: "expired" });
});

test("[F-0] three replicas that notice a rewind at once begin one new epoch, and each reports it once", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const clocks = [new HandClock(), new HandClock(), new HandClock()];
  const brokers = await Promise.all(clocks.map((clock) => openBroker({ clock })));
  const [broker] = brokers;
  if (broker === undefined) throw new Error("there are three");
  await enter(broker, "lobby", "a", "a1");
  const watches = await Promise.all(brokers.map((each) => ObservedRoom.follow(each, "lobby")));
  await broker.feed.publish("lobby", "a1", draft("kept"));
  const comeBack = await remember(redis, prefix);
  for (let index = 0; index < 5; index += 1) await broker.feed.publish("lobby", "a1", draft(`lost ${index}`));
  const { epoch } = await until("all of them", () => {
    const cursors = watches.map(({ following }) => following.cursor);
    return cursors.every(({ seq }) => seq === 7) && cursors[0];
  });
  await comeBack();
  for (const clock of [...clocks, ...clocks]) clock.tick(headChecks);
  for (const { observed, following } of watches)
    await observed.until(() => following.cursor.epoch !== epoch && following.cursor.seq === 2);
  expect(new Set(watches.map(({ following }) => following.cursor.epoch)).size).toBe(1);
  const { seq } = await broker.feed.publish("lobby", "a1", draft("after"));
  for (const { observed, following } of watches) {
    await observed.until(() => following.cursor.seq === seq);
    expect(observed.gaps).toMatchObject([{ from: 1, reason: "rewound" }]);
    expect(observed.entries.slice(-3).map((entry) => entry.seq)).toEqual([1, 2, 3]);
  }
});

test("[F-0] [N-1] joins and leaves that an older store has lost still hold", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const clock = new HandClock();
  const broker = await openBroker({ clock });
  await enter(broker, "lobby", "leaver", "l1");
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  const comeBack = await remember(redis, prefix);
  await broker.membership.leave("lobby", "l1");
  await enter(broker, "lobby", "silent", "s1", "Otter");
  await observed.first((entry) => entry.kind === "join");
  await comeBack();
  clock.tick(headChecks);
  await observed.until(() => observed.gaps.length > 0);
  const members = async () => {
    clock.tick(rounds);
    return (await redis.client.hkeys(`${prefix}{lobby}:members`)).sort().join();
  };
  await until("the silent one", async () => (await members()).includes("silent"));
  // The entries under the old replica id lapse with its lease, which is no longer renewed.
  await redis.client.del(...(await leasesOf(redis, prefix, "leaver")));
  clock.skip(10_500);
  await until("the leaver's end", async () => (await members()) === "silent");
  expect((await enter(broker, "lobby", "silent", "s2")).self.name).toBe("Otter");
});

async function leasesOf({ client }: RedisServer, prefix: string, visitor: string): Promise<string[]> {
  const connections = Object.entries(await client.hgetall(`${prefix}{lobby}:connections`));
  return connections
    .filter(([, holder]) => holder === visitor)
    .map(([name]) => `${prefix}replica:${name.split(":")[0]}:lease`);
}

test("[C-2] SCRIPT FLUSH does no harm: every message sent meanwhile is stored once, at its first try", async ({
  startRedis,
  openBroker,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1");
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  for (let index = 0; index < 100; index += 1) {
    if (index % 10 === 0) void redis.client.script("FLUSH");
    await Promise.all([1, 2, 3].map(() => broker.feed.publish("lobby", "a1", draft("said"))));
  }
  await observed.until(() => observed.entries.length === 300);
  expect(observed.entries.map(({ seq }) => seq)).toEqual(upTo(301).slice(1));
});

test("[F-0] followers of a room whose keys are lost get one reset, and the room no longer exists", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const clock = new HandClock();
  const broker = await openBroker({ clock });
  await broker.rooms.create({ id: "made", title: "Made", kind: "public" });
  await enter(broker, "made", "a", "a1");
  const { observed, following } = await ObservedRoom.follow(broker, "made");
  await redis.client.del(...(await redis.client.keys(`${prefix}{made}:*`)));
  clock.tick(headChecks);
  await observed.until(() => observed.gaps.length > 0);
  expect(observed.gaps).toEqual([{ from: 1, to: 1, reason: "reset" }]);
  clock.tick(headChecks);
  await expect(broker.feed.read("made", { limit: 1 })).rejects.toMatchObject({ code: "room_not_found" });
  await following.reach(1);
  expect(observed.gaps).toHaveLength(1);
});
