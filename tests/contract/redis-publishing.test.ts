import { setTimeout as pause } from "node:timers/promises";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock, rounds, SkippingClock, wholeLeaseMs } from "./hand-clock";
import { draft, enter, ObservedRoom } from "./observed-room";

/** What happens to a message when the link to the store, or its sender's membership, is lost. */

test("[C-2] the ids of sent messages are trimmed with the history, so their number is bounded", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const historyLimit = 10;
  const broker = await openBroker({ historyLimit });
  await enter(broker, "lobby", "a", "a1");
  for (let index = 0; index < 5 * historyLimit; index += 1)
    await broker.feed.publish("lobby", "a1", draft(`${index}`));
  expect(await redis.client.xlen(`${prefix}{lobby}:feed`)).toBe(historyLimit);
  expect(await redis.client.hlen(`${prefix}{lobby}:dedupe`)).toBe(historyLimit);
});

test("[C-3] a message whose answer was cut off is not acknowledged, and stored once when it is sent again", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  const broker = await openBroker({ url });
  await enter(broker, "lobby", "a", "a1");
  const message = draft("once");
  front.deafen();
  const outcome = broker.feed.publish("lobby", "a1", message).catch((error: unknown) => error);
  await until("its storing", async () => (await redis.client.xlen(`${prefix}{lobby}:feed`)) === 2);
  front.cut();
  expect(await outcome).toMatchObject({ code: "unavailable" });
  const receipt = await until("the link", () => broker.feed.publish("lobby", "a1", message));
  expect(receipt.seq).toBe(2);
  expect(await redis.client.xlen(`${prefix}{lobby}:feed`)).toBe(2);
});

test("[C-3] a message that the store did not answer in time is not acknowledged, and stored once when it is sent again", async ({
  startRedis,
  openBroker,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1");
  const message = draft("once");
  redis.pause();
  await expect(broker.feed.publish("lobby", "a1", message)).rejects.toMatchObject({ code: "unavailable" });
  // Only now does the store carry it out, long after the sender was told that the outcome is unknown.
  redis.resume();
  const receipt = await until("the store", () => broker.feed.publish("lobby", "a1", message));
  await until("again", () => broker.feed.publish("lobby", "a1", message));
  expect(receipt.seq).toBe(2);
  const { head } = await broker.feed.read("lobby", { limit: 1 });
  expect(head).toBe(2);
});

test("[N-3] [C-2] a replica that was declared dead is fenced: messages on their way are not stored, and when sent again are stored once", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  test.setTimeout(60_000);
  const { front, url } = await openLink(redis);
  const asleep = await openBroker({ url });
  await enter(asleep, "lobby", "a", "a1", "Otter");
  const clock = new SkippingClock();
  const other = await openBroker({ clock });
  await enter(other, "lobby", "b", "b1");
  const { observed, following } = await ObservedRoom.follow(other, "lobby");
  const [old = ""] = (await redis.client.hkeys(`${prefix}{lobby}:connections`)).filter((name) =>
    name.endsWith(":a1"),
  );

  front.stall();
  const message = draft("from the buffer");
  await expect(asleep.feed.publish("lobby", "a1", message)).rejects.toMatchObject({ code: "unavailable" });
  clock.skip(wholeLeaseMs);
  await observed.first((entry) => entry.kind === "leave");
  front.heal();
  const receipt = await until("the link", () => asleep.feed.publish("lobby", "a1", message));
  expect(await asleep.feed.publish("lobby", "a1", message)).toEqual(receipt);
  const name = async () => await redis.client.hkeys(`${prefix}{lobby}:connections`);
  await until("a new name alone", async () => {
    const standing = (await name()).filter((held) => held.endsWith(":a1"));
    return standing.length === 1 && standing[0] !== old;
  });
  await following.reach(receipt.seq);
  expect(observed.entries).toMatchObject([
    { kind: "leave", by: { id: "a", name: "Otter" } },
    { kind: "join", by: { id: "a", name: "Otter" } },
    { kind: "message", text: "from the buffer", by: { id: "a", name: "Otter" } },
  ]);
});

test("[N-3] a message on its way while its replica takes a new id is stored at its first try", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  front.lagMs = 100;
  const roundTripMs = 2 * front.lagMs;
  const clock = new HandClock();
  const broker = await openBroker({ url, clock });
  await enter(broker, "lobby", "a", "a1", "Otter");
  // The replica was declared dead: it has no lease, and its members are removed from the room.
  const leases = await redis.client.keys(`${prefix}replica:*:lease`);
  const places = ["connections", "members", "counts", "names", "skeletons"];
  await redis.client.del(...leases, ...places.map((part) => `${prefix}{lobby}:${part}`));
  // The replica has its new id three round trips later; the message finds after two that it must enter again.
  clock.tick(rounds);
  await pause(1.5 * roundTripMs);
  expect((await broker.feed.publish("lobby", "a1", draft("at once"))).seq).toBeGreaterThan(1);
});
