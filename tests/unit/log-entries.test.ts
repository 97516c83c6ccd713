import { logAt } from "../../server/records/kinds";
import { MemoryRecords } from "../../server/records/memory/records";
import { MapJournal } from "../support/map-journal";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const log = logAt("{t}:log");
const hourMs = 3_600_000;

function open(journal = new MapJournal(), clock = new FakeClock()) {
  const records = new MemoryRecords(clock, undefined, journal);
  const append = (text: string, most = 10_000) => records.write([log.append(text, { most, ms: hourMs })]);
  const since = async (position: string) => (await records.read(log.since(position)))[0];
  const texts = async (position = "0") => (await since(position)).map(([, text]) => text);
  return { records, clock, journal, append, since, texts };
}

/** How many steps through any map's entries this takes. */
async function countSteps(run: () => Promise<unknown>): Promise<number> {
  const iterators = Object.getPrototypeOf(new Map().keys());
  const { next } = iterators;
  let steps = 0;
  iterators.next = function (this: Iterator<unknown>) {
    steps += 1;
    return next.call(this);
  };
  try {
    await run();
  } finally {
    iterators.next = next;
  }
  return steps;
}

test("entries of a log that are older than its lifetime give way, also in the next process", async () => {
  const { append, clock, texts, journal } = open();
  await append("first");
  clock.advance(hourMs / 2);
  await append("second");
  await append("third");
  clock.advance(hourMs / 2);
  await append("an hour after the first");
  expect(await texts()).toEqual(["first", "second", "third", "an hour after the first"]);
  clock.advance(1);
  await append("last");
  expect(await texts()).toEqual(["second", "third", "an hour after the first", "last"]);
  const next = open(journal.next(), clock);
  expect(await next.texts()).toEqual(["second", "third", "an hour after the first", "last"]);
  clock.advance(hourMs / 2 + 1);
  await next.append("next");
  expect(await next.texts()).toEqual(["an hour after the first", "last", "next"]);
});

test("a log is read on without a gap while its oldest entries give way, and when the clock goes back", async () => {
  const { append, clock, records, since } = open();
  let [position] = await records.read(log.lastPosition());
  const read: string[] = [];
  const written = Array.from({ length: 1_000 }, (_, number) => `entry ${number}`);
  for (const [index, text] of written.entries()) {
    await append(text, 50);
    if (index % 7 === 0) clock.advance(1);
    if (index === 500) clock.advance(-1_000_000);
    if (index % 30 < 29 && index < written.length - 1) continue;
    for (const [at, found] of await since(position)) {
      read.push(found);
      position = at;
    }
    expect([position]).toEqual(await records.read(log.lastPosition()));
  }
  expect(read).toEqual(written);
  const left = (await since("0")).map(([, text]) => text);
  expect(left.length).toBeLessThanOrEqual(100);
  expect(left).toEqual(written.slice(-left.length));
});

test("an entry is appended and read without a step through the others", async () => {
  const { append, records, since } = open();
  for (let number = 0; number < 2_000; number += 1) await append(`${number}`);
  const [position] = await records.read(log.lastPosition());
  const steps = await countSteps(async () => {
    await append("new");
    expect((await since(position)).map(([, text]) => text)).toEqual(["new"]);
    await records.read(log.lastPosition());
  });
  expect(steps).toBeLessThan(100);
});
