import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { BrokerEvents } from "../../server/broker/redis/events";
import { RoomSubscriptions } from "../../server/broker/redis/feed/subscriptions";
import { createRedisClients } from "../../server/redis/clients";
import { createKeys } from "../../server/redis/keys";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock, headChecks } from "./hand-clock";
import { draft, enter, ObservedRoom } from "./observed-room";

/** Each way to find a hole in the feed is tested alone: the test blocks the other ways. */

const channelOf = (prefix: string) => `${prefix}{lobby}:appended`;
const numbers = ({ entries }: ObservedRoom) => entries.map(({ seq }) => seq);

/** The local ports of the subscribers' links. */
async function listeningPorts({ client }: RedisServer, command = "subscribe"): Promise<number[]> {
  const list = String(await client.call("CLIENT", "LIST", "TYPE", "pubsub")).split("\n");
  return list
    .filter((line) => line.includes(`cmd=${command}`) || line.includes("cmd=ping"))
    .map((line) => Number(/ addr=127\.0\.0\.1:(\d+) /.exec(line)?.[1]));
}

async function listeners({ client }: RedisServer, channel: string): Promise<number> {
  return Number(((await client.call("PUBSUB", "NUMSUB", channel)) as unknown[])[1]);
}

test("[F-1] a jump in the numbers is enough: an entry that the channel did not carry is read from the stream", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const writer = await openBroker();
  const reader = await openBroker({ clock: new HandClock() });
  await enter(writer, "lobby", "a", "a1");
  const { observed } = await ObservedRoom.follow(reader, "lobby");
  await writer.feed.publish("lobby", "a1", draft("carried"));
  // An entry that the script has stored, and that was lost on the channel.
  const lost = { seq: 3, at: Date.now(), kind: "join", by: { id: "b", name: "b" } };
  await redis.client.xadd(`${prefix}{lobby}:feed`, "3-0", "e", JSON.stringify(lost), "d", "");
  await redis.client.hset(`${prefix}{lobby}:room`, "seq", 3);
  await writer.feed.publish("lobby", "a1", draft("the jump"));
  await observed.until(() => observed.entries.length === 3);
  expect(numbers(observed)).toEqual([2, 3, 4]);
  expect(observed.gaps).toEqual([]);
});

test("[F-1] a reconnected subscriber is enough: it fills the hole although no further entry comes", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const writer = await openBroker();
  const { front, url } = await openLink(redis);
  const reader = await openBroker({ clock: new HandClock(), url });
  await enter(writer, "lobby", "a", "a1");
  const { observed } = await ObservedRoom.follow(reader, "lobby");
  // Slow from the next connection on: it takes a while from "ready" until the subscription works, and entries can be missed.
  front.lagMs = 300;
  await redis.client.call("CLIENT", "KILL", "TYPE", "pubsub");
  const said: number[] = [];
  const say = async () => said.push((await writer.feed.publish("lobby", "a1", draft("missed"))).seq);
  // Send so seldom that the subscription starts to work between two messages, and none comes after that.
  do {
    await say();
    await pause(20);
  } while ((await listeners(redis, channelOf(prefix))) === 0);
  await observed.until(() => observed.entries.length >= said.length);
  expect(numbers(observed)).toEqual(said);
});

test("[F-1] the check of all heads is enough: it fills the hole behind a subscriber that hears nothing", async ({
  redis,
  openBroker,
  openLink,
}) => {
  const writer = await openBroker();
  const { front, url } = await openLink(redis);
  const clock = new HandClock();
  const reader = await openBroker({ clock, url });
  await enter(writer, "lobby", "a", "a1");
  const { observed } = await ObservedRoom.follow(reader, "lobby");
  for (const port of await listeningPorts(redis)) front.lose(port);
  const { seq } = await writer.feed.publish("lobby", "a1", draft("the last one"));
  await redis.client.ping();
  expect(numbers(observed)).toEqual([]);
  clock.tick(headChecks);
  await observed.first((entry) => entry.seq === seq);
  expect(numbers(observed)).toEqual([seq]);
});

test("[F-1] a message sent at the moment when following begins arrives without a later one", async ({
  redis,
  prefix,
}) => {
  const logger = pino({ level: "silent" });
  const clients = createRedisClients(redis.url, logger);
  const observed = new ObservedRoom();
  const entry = { seq: 1, at: 1, kind: "join", by: { id: "a", name: "a" } };
  const isHeard = new Promise((resolve) => clients.subscriber.once("message", resolve));
  const subscriptions = new RoomSubscriptions({
    ...clients,
    keys: createKeys(prefix),
    clock: new HandClock(),
    logger,
    followers: new Map(),
    events: new BrokerEvents(),
    feed: {
      // The head is read before the entry exists; the answer comes after the channel has carried the entry.
      async read() {
        await redis.client.publish(channelOf(prefix), `e 1 ${JSON.stringify(entry)}`);
        await isHeard;
        return { epoch: "e", first: 1, head: 0, entries: [], isClosed: false };
      },
      rewind: async (_, epoch) => epoch,
    },
  });
  try {
    await subscriptions.follow("lobby", {
      appended: (epoch, entries) => observed.appended(epoch, entries),
      gap: (gap) => observed.gap(gap),
      typed: () => undefined,
    });
    await observed.first(({ seq }) => seq === 1);
  } finally {
    subscriptions.close();
    await clients.close();
  }
});

test("if following a room fails, no subscription remains, now or later, and it can be tried again", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  const broker = await openBroker({ url });
  await enter(broker, "lobby", "a", "a1");
  const isDeaf = async () => (await listeners(redis, channelOf(prefix))) === 0;
  front.stall();
  await expect(ObservedRoom.follow(broker, "lobby")).rejects.toMatchObject({ code: "unavailable" });
  front.heal();
  // Commands arrive in order: when this message is stored, the abandoned subscription has arrived, too.
  await until("the link", () => broker.feed.publish("lobby", "a1", draft("through")));
  await until("no subscription", isDeaf, 3_000);
  const { following, observed } = await ObservedRoom.follow(broker, "lobby");
  const { seq } = await broker.feed.publish("lobby", "a1", draft("heard"));
  await observed.first((entry) => entry.seq === seq);
  await following.stop();
  expect(await isDeaf()).toBe(true);

  await redis.client.rename(`${prefix}{lobby}:room`, `${prefix}{lobby}:aside`);
  await redis.client.set(`${prefix}{lobby}:room`, "something else");
  await expect(ObservedRoom.follow(broker, "lobby")).rejects.toMatchObject({ code: "internal" });
  await until("no subscription", isDeaf, 3_000);
});

test("[W-2] a link that dies in silence, for commands or for the subscription, is replaced within 10 s", async ({
  redis,
  openBroker,
  openLink,
}) => {
  const writer = await openBroker();
  await enter(writer, "lobby", "a", "a1");
  const { front, url } = await openLink(redis);
  const ports = async () => {
    const list = String(await redis.client.call("CLIENT", "LIST"));
    return new Map(
      [...list.matchAll(/ addr=127\.0\.0\.1:(\d+) .*? name=madang-(\w+) /g)].map(([, port, name]) => [
        Number(port),
        name,
      ]),
    );
  };
  const before = await ports();
  const reader = await openBroker({ url });
  const { observed } = await ObservedRoom.follow(reader, "lobby");
  for (const lost of ["commands", "subscriber"]) {
    const standing = await ports();
    for (const [port, name] of standing) if (name === lost && !before.has(port)) front.lose(port);
    const isReplaced = async () =>
      [...(await ports())].some(([port, name]) => name === lost && !standing.has(port));
    await until(`another link for the ${lost}`, isReplaced, 10_000);
    await until("an answer", () => reader.feed.read("lobby", { limit: 1 }));
    const { seq } = await writer.feed.publish("lobby", "a1", draft(`after the ${lost}`));
    await observed.first((entry) => entry.seq === seq);
  }
});
