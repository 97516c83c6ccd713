import type { HistoryAnswer } from "../../protocol/events";
import type { Page } from "../../server/broker/feed";
import type { Network } from "../../server/lib/network";
import { HistoryPages, type HistoryRates } from "../../server/rooms/history-pages";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const reader = (id: string, network = "192.0.2.1") => ({ visitor: { id }, network: network as Network });

function opened(rates?: HistoryRates) {
  const clock = new FakeClock();
  const head: Page = { epoch: "one", first: 1, head: 100, entries: [], isClosed: false };
  const reads: string[] = [];
  let fault: Error | undefined;
  const pages = new HistoryPages(
    {
      clock,
      broker: { feed: { read: async () => ({ ...head }) } },
      readPage: async (room, range) => {
        reads.push(`${room} ${range.before ?? ""} ${range.after ?? ""} ${range.limit}`);
        await Promise.resolve();
        if (fault) throw fault;
        // With its brackets and quotes its JSON has 1,000 bytes.
        return { epoch: head.epoch, entries: ["x".repeat(996)], more: true } as unknown as HistoryAnswer;
      },
    },
    rates,
  );
  const fail = (error: Error | undefined) => {
    fault = error;
  };
  return { clock, head, reads, pages, fail };
}

test("one read of a page serves all requests while the room does not change", async () => {
  const { pages, reads } = opened();
  const range = { before: 50, limit: 50 };
  await Promise.all(Array.from({ length: 100 }, (_, one) => pages.read(reader(`${one}`), "lobby", range)));
  await pages.read(reader("late"), "lobby", range);
  expect(reads).toEqual(["lobby 50  50"]);
  await pages.read(reader("late"), "lobby", { before: 50, limit: 49 });
  await pages.read(reader("late"), "lobby", { after: 50, limit: 50 });
  await pages.read(reader("late"), "other", range);
  expect(reads).toHaveLength(4);
});

test("a page is read anew once anything has changed in its room: an entry, a removal, the oldest entry, the epoch", async () => {
  const { pages, reads, head } = opened();
  const read = () => pages.read(reader("one"), "lobby", { limit: 50 });
  await read();
  for (const change of [{ head: 101 }, { first: 2 }, { epoch: "two" }]) {
    Object.assign(head, change);
    await read();
    await read();
  }
  expect(reads).toHaveLength(4);
});

test("a page is cached only for a moment, and a failed read not at all", async () => {
  const { pages, reads, clock, fail } = opened();
  const read = () => pages.read(reader("one"), "lobby", { limit: 50 });
  await read();
  clock.advance(1_001);
  fail(new Error("the store is away"));
  await expect(read()).rejects.toThrow("away");
  fail(undefined);
  await read();
  expect(reads).toHaveLength(3);
});

const rates = { visitor: { perSecond: 100, burst: 2_000 }, network: { perSecond: 1_000, burst: 6_000 } };

test("[W-8] a visitor may read a limited number of bytes at once, and is told when it may continue", async () => {
  const { pages, clock } = opened(rates);
  const read = (who = "one", network?: string) => pages.read(reader(who, network), "lobby", { limit: 50 });
  for (let page = 0; page < 3; page += 1) await read();
  await expect(read()).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 10_000 });
  await expect(read()).rejects.not.toHaveProperty("scope", "network");
  await read("another one");
  clock.advance(10_000);
  await read();
});

test("[W-8] a network may read a limited number of bytes, too, for all its visitors and pages", async () => {
  const { pages, clock } = opened(rates);
  const read = (who: string, network?: string) => pages.read(reader(who, network), "lobby", { limit: 50 });
  for (let page = 0; page < 7; page += 1) await read(`visitor-${page}`);
  await expect(read("newcomer")).rejects.toMatchObject({
    code: "rate_limited",
    scope: "network",
    retryAfterMs: 1_000,
  });
  await read("newcomer", "192.0.2.2");
  clock.advance(1_000);
  await read("newcomer");
});
