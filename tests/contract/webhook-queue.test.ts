import type { Journal } from "../../server/journal/journal";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients } from "../../server/redis/clients";
import type { WebhookEvent } from "../../server/webhook/events";
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

const caughtOf = (event: WebhookEvent) => (event.event === "report" ? event.caught : undefined);

for (const kind of kinds) {
  test(`[O-14] ${kind}: one of two replicas takes an event; if it was not received it is due again later, if it was it is gone`, async () => {
    const [one, other] = await queuesOf(kind);
    expect(await one.take()).toBeUndefined();
    await one.add(report(7));
    const taken = (await Promise.all([one.take(), other.take()])).filter((each) => each !== undefined);
    expect(taken).toMatchObject([{ tries: 0, event: report(7) }]);
    const [delivery] = taken as [(typeof taken)[0] & object];
    await other.postpone(delivery);
    expect(await one.take(), "the event is not due yet").toBeUndefined();
    await one.add(report(7, 2));
    await other.remove(delivery);
    const renewed = await other.take();
    expect(renewed, "a newer event stays").toMatchObject({ tries: 0, event: report(7, 2) });
    if (renewed) await one.remove(renewed);
    expect(await one.take()).toBeUndefined();
  });

  test(`[O-14] ${kind}: a room is reported once until the time has passed`, async () => {
    const [one, other] = await queuesOf(kind);
    const alone = (seq: number) => ({ event: "first-message" as const, room: "cellar", seq, at: seq });
    await Promise.all([one.addOnce(alone(1), 60_000), other.addOnce(alone(2), 60_000)]);
    const first = await one.take();
    expect(first?.event.event).toBe("first-message");
    expect(await other.take()).toBeUndefined();
  });
}

for (const kind of kinds)
  test(`[O-14] ${kind}: caught messages of a room are reported once in each span, with the last message and their number`, async () => {
    const [one, other] = await queuesOf(kind);
    const caught = (room: string, seq: number) => ({ ...report(seq), room, signs: ["word" as const] });
    for (const seq of [1, 2, 3]) await one.addCaught(caught("lobby", seq), 1_000);
    await other.addCaught(caught("cellar", 4), 1_000);
    const told: WebhookEvent[] = [];
    const of = (room: string) => told.filter((event) => event.room === room);
    const messagesIn = (room: string) =>
      of(room).reduce((sum, event) => sum + (caughtOf(event)?.count ?? 0), 0);
    await expect(async () => {
      for (let next = await one.take(); next !== undefined; next = await other.take()) {
        told.push(next.event);
        await one.remove(next);
      }
      expect([messagesIn("lobby"), messagesIn("cellar")]).toEqual([3, 1]);
    }).toPass({ timeout: 10_000 });
    const spans = of("lobby").map((event) => caughtOf(event)?.from);
    expect(new Set(spans).size, "one for each span").toBe(spans.length);
    // A new span may have begun meanwhile.
    expect(spans.length).toBeLessThan(3);
    expect(of("lobby").at(-1)).toMatchObject(caught("lobby", 3));
  });

test("[O-14] the queue is bounded: the oldest event gives way, even if it is due later than the newest", async () => {
  const [one, other] = await queuesOf("memory");
  await one.add(report(1));
  const first = await one.take();
  if (first) await one.postpone(first);
  for (let seq = 2; seq <= mostQueued + 1; seq += 1) await one.add(report(seq));
  const left: number[] = [];
  for (let next = await other.take(); next !== undefined; next = await other.take()) {
    left.push(next.event.seq);
    await other.remove(next);
  }
  expect(left.toSorted((a, b) => a - b)).toEqual(Array.from({ length: mostQueued }, (_, index) => index + 2));
});
