import { recordKeys } from "../../server/records/keys";
import { listAt, mapAt } from "../../server/records/kinds";
import type { Records } from "../../server/records/records";
import { subjectOf, type WebhookEvent } from "../../server/webhook/events";
import { type Delivery, mostQueued, mostSurplus, WebhookQueue } from "../../server/webhook/queue";
import type { RedisServer } from "../support/redis-server";
import { closeRecordStores, recordStore } from "./record-stores";
import { expect, type Kind, kinds, test } from "./stores";

let shared: RedisServer;
test.beforeEach(({ redis }) => {
  shared = redis;
});
test.afterEach(closeRecordStores);

/** Two replicas' queues over one store, and the records of one of them. */
async function queuesOf(kind: Kind): Promise<[WebhookQueue, WebhookQueue, Records]> {
  const { open } = await recordStore(kind, shared);
  const [one, other] = [await open(), await open()];
  return [new WebhookQueue(one), new WebhookQueue(other), one];
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

for (const kind of kinds)
  test(`[O-14] ${kind}: of a crowd of events at once none is lost, and none of what is gathered`, async () => {
    const [one, other, records] = await queuesOf(kind);
    const each = Array.from({ length: 120 }, (_, index) => index);
    await Promise.all([
      ...each.map((seq) => one.add(report(seq))),
      ...each.map((seq) => other.add({ ...report(seq), room: "cellar" })),
      ...each.map((seq) => one.addCaught({ ...report(seq), room: "garden" }, 86_400_000)),
      ...each.slice(0, 20).map((seq) => other.addCaught({ ...report(seq), room: "garden" }, 86_400_000)),
    ]);
    const events = mapAt(recordKeys.webhook.events);
    const [length, texts] = await records.read(listAt(recordKeys.webhook.due).length(), events.fields());
    const gathered = [...texts.values()].map((text) => caughtOf((JSON.parse(text) as Delivery).event));
    // At midnight another span begins.
    const spans = gathered.filter((caught) => caught !== undefined);
    expect([length, texts.size]).toEqual([240 + spans.length, 240 + spans.length]);
    expect(spans.reduce((sum, { count }) => sum + count, 0)).toBe(140);
  });

/** Calls `then` whenever the whole queue has been read. */
function onReadThrough(records: Records, then: () => unknown): void {
  const read = records.read.bind(records);
  records.read = async (...questions) => {
    const answers = await read(...questions);
    if (questions.some(({ ask }) => ask === "fields")) await then();
    return answers;
  };
}

test("[O-14] an event that replaces one that is about to give way stays", async () => {
  const [one, other, records] = await queuesOf("memory");
  for (let seq = 1; seq <= mostQueued + mostSurplus; seq += 1) await one.add(report(seq));
  const newer = { ...report(1, 2), at: mostQueued * 2 };
  let times = 0;
  onReadThrough(records, async () => {
    times += 1;
    if (times === 1) await other.add(newer);
  });
  await one.add(report(mostQueued * 2));
  const [text] = await records.read(mapAt(recordKeys.webhook.events).field(subjectOf(newer)));
  expect(JSON.parse(text ?? "null")).toMatchObject({ event: newer });
});

test("[O-14] the queue is bounded: the oldest event gives way, even if it is due later than the newest", async () => {
  const [one, other, records] = await queuesOf("memory");
  let timesRead = 0;
  onReadThrough(records, () => {
    timesRead += 1;
  });
  await one.add(report(1));
  const first = await one.take();
  if (first) await one.postpone(first);
  const last = mostQueued + mostSurplus + 1;
  for (let seq = 2; seq <= last; seq += 1) await one.add(report(seq));
  expect(timesRead, "the whole queue is not read for each event").toBe(1);
  const left: number[] = [];
  for (let next = await other.take(); next !== undefined; next = await other.take()) {
    left.push(next.event.seq);
    await other.remove(next);
  }
  expect(left.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: mostQueued }, (_, index) => last - mostQueued + 1 + index),
  );
});
