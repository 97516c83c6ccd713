import type { Cursor, Entry } from "../../protocol/events";
import { firstPageEntries } from "../../protocol/limits";
import { RecentEntries } from "../../server/gateway/recent-entries";
import { linesOf } from "../../server/moderation/entry-view";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";

const limits = { historyLimit: 10_000, historyDays: 30 };
const entry = (seq: number, kind: Entry["kind"] = "message", text = "text") =>
  linesOf([{ seq, at: seq, kind, text } as Entry])[0] as ReturnType<typeof linesOf>[number];
const some = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => entry(from + place));
const at = (seq: number, epoch = "e"): Cursor => ({ epoch, seq });
const seqs = (lines: { seq: number }[] | undefined) =>
  lines === undefined ? undefined : [lines[0]?.seq, lines.at(-1)?.seq, lines.length];

function grown(to: number) {
  const recent = new RecentEntries(at(0), limits);
  for (let seq = 1; seq <= to; seq += 1) recent.append([entry(seq)]);
  return recent;
}

test("a first page has the newest entries up to the head, and all entries of a small room", async () => {
  expect(seqs(await grown(120).upTo(at(118), undefined))).toEqual([69, 118, firstPageEntries]);
  expect(seqs(await grown(7).upTo(at(7), undefined))).toEqual([1, 7, 7]);
});

test("a resume gets the entries after its cursor, and none when it has them all", async () => {
  const recent = grown(120);
  expect(seqs(await recent.upTo(at(120), at(100)))).toEqual([101, 120, 20]);
  expect(await recent.upTo(at(120), at(120))).toEqual([]);
});

test("entries that are not in memory come from the store", async () => {
  const recent = new RecentEntries(at(500), limits);
  expect(await recent.upTo(at(500), undefined), "earlier entries").toBeUndefined();
  recent.append(some(501, 520));
  expect(await recent.upTo(at(520), undefined)).toBeUndefined();
  expect(await recent.upTo(at(520), at(499))).toBeUndefined();
  expect(seqs(await recent.upTo(at(520), at(500)))).toEqual([501, 520, 20]);
  expect(await recent.upTo(at(521), at(510)), "entries that have not come yet").toBeUndefined();
  expect(await recent.upTo(at(520, "other"), at(510, "other")), "another epoch").toBeUndefined();
  expect(await recent.upTo(at(520), at(510, "other"))).toBeUndefined();
  expect(await recent.upTo(at(510), at(515)), "a store that came back older").toBeUndefined();
});

test("a page waits for an entry that comes within the turn", async () => {
  const recent = grown(60);
  const page = recent.upTo(at(61), at(58));
  setImmediate(() => undefined);
  recent.append([entry(61)]);
  expect(seqs(await page)).toEqual([59, 61, 3]);
});

test("a page read from the store completes the entries in memory, if nothing has changed since", async () => {
  const recent = new RecentEntries(at(500), limits);
  recent.append(some(501, 505));
  recent.learn("e", 503, some(454, 503));
  expect(seqs(await recent.upTo(at(505), undefined))).toEqual([456, 505, 50]);

  const behind = new RecentEntries(at(500), limits);
  behind.append(some(501, 505));
  behind.learn("e", 499, some(450, 499));
  expect(await behind.upTo(at(505), undefined), "500 would be missing").toBeUndefined();
  behind.learn("other", 503, some(454, 503));
  expect(await behind.upTo(at(505), undefined), "another epoch").toBeUndefined();
});

test("after a removal or a gap, memory has no earlier text, not even from a page read before it", async () => {
  const recent = grown(100);
  recent.append([entry(101, "removal")]);
  expect(await recent.upTo(at(101), at(99))).toBeUndefined();
  recent.learn("e", 100, some(51, 100));
  expect(await recent.upTo(at(101), at(99)), "read before the removal").toBeUndefined();
  recent.learn("e", 101, [...some(52, 100), entry(101, "removal")]);
  expect(seqs(await recent.upTo(at(101), at(99)))).toEqual([100, 101, 2]);
  recent.forget(at(200, "next"));
  expect(await recent.upTo(at(101), at(99))).toBeUndefined();
  recent.append(some(201, 203));
  expect(seqs(await recent.upTo(at(203, "next"), at(200, "next")))).toEqual([201, 203, 3]);
});

test("the entries in memory are bounded, and a room that keeps less is always read from the store", async () => {
  const recent = grown(1_000);
  expect(seqs(await recent.upTo(at(1_000), at(850)))).toEqual([851, 1_000, 150]);
  expect(await recent.upTo(at(1_000), at(849))).toBeUndefined();
  for (let seq = 1_001; seq <= 1_010; seq += 1) recent.append([entry(seq, "message", "가".repeat(2_000))]);
  expect(await recent.upTo(at(1_010), at(1_004)), "bounded in bytes, not letters").toBeUndefined();
  expect(seqs(await recent.upTo(at(1_010), at(1_005)))).toEqual([1_006, 1_010, 5]);

  for (const small of [
    { ...limits, historyLimit: 299 },
    { ...limits, historyBytes: 65_000 },
  ]) {
    const asked = new RecentEntries(at(0), small);
    asked.append(some(1, 10));
    await settle();
    expect(await asked.upTo(at(10), at(5))).toBeUndefined();
  }
});
