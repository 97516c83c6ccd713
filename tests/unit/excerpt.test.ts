import { carryOn, locate, open, otherNumber, prepend } from "../../components/chat/state/excerpt";
import { append, emptyFeed, type Feed, join, skip } from "../../components/chat/state/feed";
import type { Entry, MessageEntry } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { messages, welcome } from "./feed-makers";

const live = (from: number, to: number): Feed => join(emptyFeed, welcome(messages(from, to)));
const page = (from: number, to: number, more = true) => ({ epoch: "e1", entries: messages(from, to), more });
const ends = (lines: Feed["lines"] = []) => [lines[0]?.seq, lines.at(-1)?.seq, lines.length];

test("a page from far back is kept beside the live run, grows at both ends, and is joined with it", () => {
  let feed = open(live(951, 1_000), page(481, 530));
  expect([ends(feed.excerpt?.lines), ends(feed.lines)]).toEqual([
    [481, 530, 50],
    [951, 1_000, 50],
  ]);
  feed = prepend(feed, 481, page(431, 480));
  feed = carryOn(feed, 530, page(531, 730));
  expect(ends(feed.excerpt?.lines)).toEqual([431, 730, 300]);
  feed = append(feed, "e1", messages(1_001, 1_001));
  feed = carryOn(feed, 730, page(731, 960));
  expect(feed.excerpt).toBeUndefined();
  expect(ends(feed.lines)).toEqual([431, 1_001, 571]);
  expect(feed.hasOlder).toBe(true);
});

test("an answer for an earlier excerpt or epoch changes nothing", () => {
  const feed = open(live(951, 1_000), page(481, 530));
  expect(carryOn(feed, 700, page(701, 750))).toBe(feed);
  expect(prepend(feed, 700, page(651, 699))).toBe(feed);
  expect(open(feed, { ...page(1, 50), epoch: "e0" })).toBe(feed);
  expect(append(feed, "e2", messages(1, 1)).excerpt, "a new epoch drops it").toBeUndefined();
  const gap = { from: 1_001, to: 1_200, reason: "trimmed" as const };
  expect(skip(feed, gap).excerpt, "a gap drops it, F-0").toBeUndefined();
});

test("a removal also deletes the text in the excerpt, whichever comes first", () => {
  const removal: Entry = { seq: 1_001, at: 0, kind: "removal", targets: [500] };
  const after = append(open(live(951, 1_000), page(481, 530)), "e1", [removal]);
  const before = open(append(live(951, 1_000), "e1", [removal]), page(481, 530));
  for (const { excerpt } of [after, before])
    expect(excerpt?.lines[19]).toMatchObject({ kind: "removed", seq: 500 });
});

test("trimmed entries inside an excerpt are one line", () => {
  const gap = { from: 531, to: 600, reason: "trimmed" as const };
  const feed = carryOn(open(live(951, 1_000), page(481, 530)), 530, { ...page(601, 650), gap });
  expect(feed.excerpt?.lines[50]).toEqual({ kind: "gap", seq: 600, gap });
  const all = { ...gap, to: 990 };
  const met = carryOn(open(live(951, 1_000), page(481, 530)), 530, { ...page(991, 1_000), gap: all });
  expect(met.lines[50]).toEqual({ kind: "gap", seq: 950, gap: { ...gap, to: 950 } });
  expect(ends(met.lines)).toEqual([481, 1_000, 101]);
});

test("a full run is cut at the end away from its reader, and grows no further", () => {
  let feed = prepend(live(5_951, 6_000), 5_951, page(1, 5_950, false));
  feed = append(feed, "e1", messages(6_001, 6_001));
  expect(feed.lines).toHaveLength(5_000);
  expect(ends(feed.excerpt?.lines)).toEqual([1, 1_401, 1_401]);
  feed = carryOn(feed, 1_401, page(1_402, 1_451));
  expect(feed.excerpt).toBeUndefined();
  expect(ends(feed.lines)).toEqual([2, 6_001, 6_000]);
  const far = prepend(open(live(9_951, 10_000), page(6_001, 6_050)), 6_001, page(1, 6_000));
  expect(far.excerpt?.lines).toHaveLength(5_000);
});

test("a number is a message, another entry, no longer kept, or not read yet", () => {
  const feed = open(prepend(live(951, 1_000), 951, page(941, 950)), page(481, 530));
  expect([500, 945, 1_000].map((seq) => locate(feed, seq))).toEqual(["here", "here", "here"]);
  expect([0, 1_001, Number.POSITIVE_INFINITY].map((seq) => locate(feed, seq))).toEqual([
    "none",
    "none",
    "none",
  ]);
  expect(locate(feed, 700)).toBe("unread");
  expect(locate(prepend(live(951, 1_000), 951, page(941, 950, false)), 700)).toBe("gone");
});

test("[O-7] the first number of a published message leads to the one that its readers have", () => {
  const [written] = messages(500, 500) as [MessageEntry];
  const placeholder = (seq: number, shownAs?: number): Entry => ({
    ...{ seq, at: 0, kind: "withheld" },
    ...(shownAs !== undefined && { shownAs }),
  });
  const withEntry = (from: number, to: number, entry: Entry) =>
    messages(from, to).map((each) => (each.seq === entry.seq ? entry : each));
  const feedOf = (withheld: Entry, later: Entry): Feed =>
    open(join(emptyFeed, welcome(withEntry(951, 1_000, later))), {
      ...page(481, 530),
      entries: withEntry(481, 530, withheld),
    });
  const published: Entry = { seq: 990, at: 0, kind: "published", message: written };

  const authors = feedOf(written, placeholder(990));
  expect([990, 500, 501].map((seq) => otherNumber(authors, seq))).toEqual([undefined, undefined, undefined]);
  const readers = feedOf(placeholder(500, 990), published);
  expect([500, 990, 700].map((seq) => otherNumber(readers, seq))).toEqual([990, undefined, undefined]);
  const before = feedOf(placeholder(500), published);
  expect(otherNumber(before, 500), "read before it was published").toBe(990);
  const unread = feedOf(placeholder(500, 700), placeholder(990));
  expect([500, 990].map((seq) => otherNumber(unread, seq))).toEqual([700, undefined]);
});
