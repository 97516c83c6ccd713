import type { Journal } from "../../server/journal/journal";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients } from "../../server/redis/clients";
import { mostQueued, WebhookQueue } from "../../server/webhook/queue";
import { closeJournals, openJournal } from "../support/journals";
import { RedisServer } from "../support/redis-server";
import { freshId } from "./observed-room";
import { expect, kinds, silent, test } from "./stores";

let redis: RedisServer;
const opened: { close(): unknown }[] = [];
test.beforeAll(async () => {
  redis = await RedisServer.start();
});
test.afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  await closeJournals();
});
test.afterAll(() => redis.stop());

/** Two replicas' queues over one store. */
async function queuesOf(kind: (typeof kinds)[number]): Promise<[WebhookQueue, WebhookQueue]> {
  if (kind !== "redis") {
    const journal: Journal | undefined = kind === "level" ? await openJournal() : undefined;
    const records = new MemoryRecords(systemClock, new ByteCount(1e9), journal);
    return [new WebhookQueue(records), new WebhookQueue(records)];
  }
  const prefix = `${freshId("webhook")}:`;
  const replica = async () => {
    const clients = createRedisClients(redis.url, silent);
    opened.push(clients);
    await new Promise<void>((resolve) => clients.redis.once("ready", () => resolve()));
    return new WebhookQueue(new RedisRecords(clients.redis, prefix));
  };
  return [await replica(), await replica()];
}

const report = (seq: number, count = 1) => ({ event: "report" as const, room: "lobby", seq, at: seq, count });

for (const kind of kinds) {
  test(`[O-14] ${kind}: of two replicas one takes an event; what was not received is due again later, what was is gone`, async () => {
    const [one, other] = await queuesOf(kind);
    expect(await one.take()).toBeUndefined();
    await one.add(report(7));
    const taken = (await Promise.all([one.take(), other.take()])).filter((each) => each !== undefined);
    expect(taken).toMatchObject([{ tries: 0, event: report(7) }]);
    const [delivery] = taken as [(typeof taken)[0] & object];
    await other.postpone(delivery);
    expect(await one.take(), "not due yet").toBeUndefined();
    await one.add(report(7, 2));
    await other.remove(delivery);
    const renewed = await other.take();
    expect(renewed, "a newer one stays").toMatchObject({ tries: 0, event: report(7, 2) });
    if (renewed) await one.remove(renewed);
    expect(await one.take()).toBeUndefined();
  });

  test(`[O-14] ${kind}: a room is told of once until the time has passed`, async () => {
    const [one, other] = await queuesOf(kind);
    const alone = (seq: number) => ({ event: "first-message" as const, room: "cellar", seq, at: seq });
    await Promise.all([one.addOnce(alone(1), 60_000), other.addOnce(alone(2), 60_000)]);
    const first = await one.take();
    expect(first?.event.event).toBe("first-message");
    expect(await other.take()).toBeUndefined();
  });
}

test("[O-14] the queue is bounded: the oldest event gives way", async () => {
  const [one, other] = await queuesOf("memory");
  for (let seq = 1; seq <= mostQueued + 1; seq += 1) await one.add(report(seq));
  let left = 0;
  let oldest: number | undefined;
  for (let next = await other.take(); next !== undefined; next = await other.take()) {
    oldest = Math.min(oldest ?? next.event.seq, next.event.seq);
    left += 1;
    await other.remove(next);
  }
  expect([left, oldest]).toEqual([mostQueued, 2]);
});
