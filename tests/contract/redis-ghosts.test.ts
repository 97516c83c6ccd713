import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock, rounds, SkippingClock, wholeLeaseMs } from "./hand-clock";
import { draft, enter, ObservedRoom } from "./observed-room";

test("[N-3] a join that was on its way when its replica died does not add a ghost member", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  const dying = await openBroker({ url });
  await enter(dying, "lobby", "a", "a1", "Otter");
  const leases = await redis.client.keys(`${prefix}replica:*:lease`);
  const clock = new SkippingClock();
  const other = await openBroker({ clock });
  await enter(other, "lobby", "b", "b1", "Heron");
  const { observed } = await ObservedRoom.follow(other, "lobby");

  front.stall();
  await expect(enter(dying, "lobby", "c", "c1", "Crane")).rejects.toMatchObject({ code: "unavailable" });
  await dying.close();
  await redis.client.del(...leases);
  clock.skip(wholeLeaseMs);
  await observed.first((entry) => entry.kind === "leave" && entry.by.id === "a");
  const links = async () => [
    ...String(await redis.client.client("LIST")).matchAll(/ name=madang-commands /g),
  ];
  const before = (await links()).length;
  front.heal();
  await until("the end of the dead one's link", async () => (await links()).length < before);
  expect(Object.values(await redis.client.hgetall(`${prefix}{lobby}:connections`))).toEqual(["b"]);
  // The dead replica's last renewal came late as well, and put it on the list again.
  const listed = () => redis.client.smembers(`${prefix}replicas`);
  await until("one replica alone", async () => (await listed()).length === 1);
});

test("[N-3] a living replica that was declared dead continues under another id at its first try", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker({ clock: new HandClock() });
  await enter(broker, "lobby", "a", "a1", "Otter");
  const [old = ""] = await redis.client.smembers(`${prefix}replicas`);
  await redis.client.hset(`${prefix}{lobby}:room`, `gone:${old}:`, Date.now());
  expect(await enter(broker, "lobby", "b", "b1", "Heron")).toMatchObject({ self: { name: "Heron" } });
  const standing = Object.entries(await redis.client.hgetall(`${prefix}{lobby}:connections`));
  expect(standing.find(([, visitor]) => visitor === "b")?.[0]).not.toContain(old);
});

test("[N-3] a fence ends after an hour", async ({ redis, prefix, openBroker }) => {
  const clock = new SkippingClock();
  const broker = await openBroker({ clock });
  await enter(broker, "lobby", "a", "a1", "Otter");
  const room = `${prefix}{lobby}:room`;
  const minute = 60_000;
  await redis.client.hset(room, "gone:old:", Date.now() - 61 * minute, "gone:new:", Date.now() - 59 * minute);
  await redis.client.sadd(`${prefix}replica:dead:rooms`, "lobby");
  await redis.client.sadd(`${prefix}replicas`, "dead");
  clock.skip(wholeLeaseMs);
  const fences = async () => (await redis.client.hkeys(room)).filter((field) => field.startsWith("gone:"));
  await until("the fence of the dead one", async () => (await fences()).includes("gone:dead:"));
  expect((await fences()).sort()).toEqual(["gone:dead:", "gone:new:"]);
});

test("[N-3] a replica that stops while it takes a new id leaves no member behind", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  front.lagMs = 50;
  const clock = new HandClock();
  const ending = await openBroker({ url, clock });
  await enter(ending, "lobby", "a", "a1", "Otter");
  await redis.client.del(...(await redis.client.keys(`${prefix}replica:*:lease`)));
  clock.tick(rounds);
  await ending.close();
  const standing = await redis.client.hkeys(`${prefix}{lobby}:connections`);
  expect(standing.length).toBeGreaterThan(0);
  for (const connection of standing)
    expect(
      await redis.client.zscore(`${prefix}departures`, `${connection} lobby`),
      connection,
    ).not.toBeNull();
});

test("[O-4] a replica that lost its lease brings its members back, except one that was expelled meanwhile", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const clock = new HandClock();
  const hung = await openBroker({ clock });
  await enter(hung, "lobby", "a", "a1", "Otter");
  await enter(hung, "lobby", "c", "c1", "Crane");
  const other = await openBroker();
  await other.membership.expel("lobby", "a");
  const standing = async () => Object.entries(await redis.client.hgetall(`${prefix}{lobby}:connections`));
  const [[before] = [""]] = await standing();
  const [old = ""] = before.split(":");
  // Write what another replica would write to declare it dead.
  await redis.client.del(`${prefix}replica:${old}:lease`);
  await redis.client.hset(`${prefix}{lobby}:room`, `gone:${old}:`, Date.now());
  await redis.client.hdel(`${prefix}{lobby}:connections`, before);
  await until("the other member under another id", async () => {
    clock.tick(rounds);
    return (await standing()).some(([key, visitor]) => visitor === "c" && !key.startsWith(old));
  });
  await expect(hung.feed.publish("lobby", "a1", draft("still here"))).rejects.toMatchObject({
    code: expect.stringMatching(/^(banned|not_joined)$/),
  });
  expect((await standing()).map(([, visitor]) => visitor)).toEqual(["c"]);
  const { entries } = await other.feed.read("lobby", { limit: 9 });
  expect(entries.map((entry) => [entry.kind, "by" in entry && entry.by.id])).toEqual([
    ["join", "a"],
    ["join", "c"],
    ["leave", "a"],
  ]);
});
