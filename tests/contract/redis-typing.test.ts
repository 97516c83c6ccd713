import { expect, test } from "./brokers";
import { draft, enter, ObservedRoom } from "./observed-room";

/** Typing on several replicas over one Redis. Each broker stands for a replica. */

test("typing on one replica reaches another over the same subscription, and leaves no trace", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const [one, two] = await openBrokers(2);
  await enter(one, "lobby", "a", "a1", "Otter");
  await enter(two, "lobby", "b", "b1", "Heron");
  const { observed } = await ObservedRoom.follow(two, "lobby");
  const subscriptions = async () => (await redis.client.pubsub("CHANNELS", `${prefix}*`)) as string[];
  const channels = await subscriptions();
  expect(channels).toHaveLength(1);
  const keys = (await redis.client.keys(`${prefix}{lobby}:*`)).sort();
  await one.typing.set("lobby", "a1", true);
  await observed.until(() => observed.typists.length === 1);
  expect((await redis.client.keys(`${prefix}{lobby}:*`)).sort()).toEqual(keys);
  expect(await subscriptions()).toEqual(channels);
  // The message comes first: otherwise the member would seem to stop typing without sending anything.
  await one.feed.publish("lobby", "a1", draft("said"));
  await observed.until(() => observed.typists.length === 2);
  expect(observed.entries).toMatchObject([{ text: "said" }]);
  expect(observed.typists).toEqual([["Otter"], []]);
});

test("a full store still carries typing", async ({ startRedis, openBroker }) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1", "Otter");
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  await redis.client.config("SET", "maxmemory", "1");
  await broker.typing.set("lobby", "a1", true);
  await observed.until(() => observed.typists.length === 1);
});

test("[F-1] typing does not disturb the order of messages, however many there are of both", async ({
  openBrokers,
}) => {
  const [one, two] = await openBrokers(2);
  await enter(one, "lobby", "a", "a1", "Otter");
  await enter(two, "lobby", "b", "b1", "Heron");
  const { observed, following } = await ObservedRoom.follow(two, "lobby");
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      await one.typing.set("lobby", "a1", true);
      await (index % 2
        ? one.feed.publish("lobby", "a1", draft("said"))
        : two.feed.publish("lobby", "b1", draft("said")));
    }),
  );
  await following.reach(102);
  expect(observed.entries.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 3),
  );
  expect(observed.gaps).toEqual([]);
});
