import { EventEmitter } from "node:events";
import pino from "pino";
import { BrokerEvents } from "../../server/broker/redis/events";
import { RoomSubscriptions } from "../../server/broker/redis/feed/subscriptions";
import type { StoreConnection, StoreStep, StoreSubscriber } from "../../server/redis/connection";
import { createKeys } from "../../server/redis/keys";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";
import { settle } from "./fake-environment";

/** How many rooms' heads are asked for at once. */

const checkMs = 5_000;
const head = ["e", "1", null];

/** Follows so many rooms. `asked`: the rooms of each question to the store. */
async function follow(count: number) {
  const clock = new FakeClock();
  const asked: string[][] = [];
  const redis = Object.assign(new EventEmitter(), {
    status: "ready",
    askAll: async (steps: readonly StoreStep[]) => {
      asked.push(steps.map(([command]) => String(command?.[1])));
      return steps.map(() => [null, head]);
    },
  });
  const subscriber = Object.assign(new EventEmitter(), {
    status: "ready",
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    ping: async () => "PONG",
  });
  const subscriptions = new RoomSubscriptions({
    redis: redis as unknown as StoreConnection,
    subscriber: subscriber as unknown as StoreSubscriber,
    keys: createKeys("test:"),
    clock,
    logger: pino({ level: "silent" }),
    followers: new Map(),
    events: new BrokerEvents(),
    feed: {
      read: async () => ({ epoch: "e", first: 1, head: 1, entries: [], isClosed: false }),
      rewind: async (_, epoch) => epoch,
    },
  });
  const listener = { appended: () => undefined, gap: () => undefined, typed: () => undefined };
  const followings = [];
  for (let room = 0; room < count; room += 1)
    followings.push(await subscriptions.follow(`room-${room}`, listener));
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { asked, redis, subscriber, followings, pass, close: () => subscriptions.close() };
}

const sizes = (asked: readonly string[][]) => asked.map(({ length }) => length);

test("[F-1] the heads of many rooms are asked for in parts over the interval, each room once", async () => {
  const { asked, followings, pass, close } = await follow(450);
  await pass(checkMs);
  expect(sizes(asked)).toEqual([200]);
  await followings[449]?.stop();
  await pass(checkMs / 3 + 1);
  await pass(checkMs / 3 + 1);
  expect(sizes(asked), "a room that was left meanwhile is not asked for").toEqual([200, 200, 49]);
  expect(new Set(asked.flat()).size).toBe(449);
  close();
});

test("[F-1] when the store returns all heads are asked for at once, in parts one after another", async () => {
  const { asked, redis, subscriber, close } = await follow(450);
  redis.emit("ready");
  await settle();
  expect(sizes(asked)).toEqual([200, 200, 50]);
  subscriber.emit("ready");
  await settle();
  expect(sizes(asked)).toEqual([200, 200, 50, 200, 200, 50]);
  close();
});
