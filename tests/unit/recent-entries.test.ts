import type { Cursor, Entry } from "../../protocol/events";
import { firstPageEntries } from "../../protocol/limits";
import { firstPage } from "../../server/gateway/first-page";
import { mostRecentBytes, RecentBytes } from "../../server/gateway/recent-bytes";
import { RecentEntries } from "../../server/gateway/recent-entries";
import { jsonFor, linesOf } from "../../server/moderation/entry-view";
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

const opened = (has: Cursor, kept = limits, ofAllRooms = new RecentBytes(mostRecentBytes)) =>
  new RecentEntries(has, kept, ofAllRooms);

function grown(to: number) {
  const recent = opened(at(0));
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
  const recent = opened(at(500));
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
  const recent = opened(at(500));
  recent.append(some(501, 505));
  recent.learn("e", 503, some(454, 503));
  expect(seqs(await recent.upTo(at(505), undefined))).toEqual([456, 505, 50]);

  const behind = opened(at(500));
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
    const asked = opened(at(0), small);
    asked.append(some(1, 10));
    await settle();
    expect(await asked.upTo(at(10), at(5))).toBeUndefined();
  }
});

test("[O-7] a page from memory leads to a message that was published after its place and an answer to it came", async () => {
  const recent = opened(at(0));
  const by = { id: "ghost", name: "Otter" };
  const message = { kind: "message", by, text: "text", clientMessageId: "a-message" };
  const stored = [
    { seq: 1, at: 1, ...message, withheldOf: "ghost" },
    { seq: 2, at: 2, ...message, replyTo: 1 },
    { seq: 3, at: 3, kind: "published", message: { seq: 1, at: 1, ...message } },
  ] as Entry[];
  for (const one of stored) recent.append(linesOf([one]));
  const publication = { author: "ghost", written: 1, published: 3 };
  const publicationOf = (seq: number) => (seq === 2 ? undefined : publication);
  const read = () => Promise.reject(new Error("the page is in memory"));
  const { lines } = await firstPage({ read }, recent, {
    ...{ room: "lobby", head: at(3), cursor: undefined, publicationOf },
  });
  const given = lines.map((line) => JSON.parse(jsonFor(line, { visitor: "heron", isStaff: false })));
  expect(given).toMatchObject([{ kind: "withheld", shownAs: 3 }, { replyTo: 3 }, { kind: "published" }]);
});

test("all rooms together have so many bytes in memory: the room that was used least recently gives its entries up", async () => {
  const large = "x".repeat(10_000);
  const ofAllRooms = new RecentBytes(55_000);
  const rooms = [1, 2, 3].map(() => opened(at(0), limits, ofAllRooms)) as [
    RecentEntries,
    RecentEntries,
    RecentEntries,
  ];
  const say = (room: RecentEntries, from: number, to: number) => {
    for (let seq = from; seq <= to; seq += 1) room.append([entry(seq, "message", large)]);
  };
  const [one, two, three] = rooms;
  say(one, 1, 2);
  say(two, 1, 2);
  expect(seqs(await one.upTo(at(2), undefined)), "used again").toEqual([1, 2, 2]);
  say(three, 1, 2);
  expect(await two.upTo(at(2), undefined)).toBeUndefined();
  expect(seqs(await one.upTo(at(2), undefined))).toEqual([1, 2, 2]);
  say(two, 3, 3);
  expect(seqs(await two.upTo(at(3), at(2))), "later entries are kept again").toEqual([3, 3, 1]);
  one.close();
  one.learn("e", 2, [entry(1, "message", large), entry(2, "message", large)]);
  say(two, 4, 4);
  expect(seqs(await three.upTo(at(2), undefined)), "a closed room takes no memory").toEqual([1, 2, 2]);
});
