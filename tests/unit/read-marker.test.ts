import {
  advance,
  type FeedMoment,
  isUncounted,
  type ReadMarker,
} from "../../components/chat/feed/read-marker";
import { noneHidden } from "../../components/chat/members/hidden-visitors";
import { append, emptyFeed, type Feed, join } from "../../components/chat/state/feed";
import type { Entry } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { me, message, messages, notice, other, welcome } from "./feed-makers";

/** A reader who looks at the newest line of the page, with the changes of its state. */
class FeedReader {
  feed: Feed;
  reading: ReadMarker | undefined;
  private moment: Omit<FeedMoment, "feed" | "since">;

  constructor(
    entries: Entry[],
    private readonly since = { epoch: "e1", seq: entries.at(-1)?.seq ?? 0 },
  ) {
    this.feed = join(emptyFeed, welcome(entries));
    const viewer = { self: me.id, hidden: noneHidden };
    const place = { isVisible: true, isHidden: false, isLive: true, isFollowing: true };
    this.moment = { viewer, ...place, sent: 0, seenAnywhere: 0 };
    this.is({});
  }

  is(change: Partial<FeedMoment>): this {
    this.moment = { ...this.moment, ...change };
    for (;;) {
      const next = advance(this.reading, { ...this.moment, feed: this.feed, since: this.since });
      if (next === this.reading) return this;
      this.reading = next;
    }
  }

  hears(...entries: Entry[]): this {
    this.feed = append(this.feed, "e1", entries);
    return this.is({});
  }

  isLed(): this {
    if (this.reading) this.reading = { ...this.reading, isBack: false };
    return this.is({});
  }
}

test("nothing is new on a first visit, nor entries that come while the reader looks", () => {
  const { reading } = new FeedReader(messages(1, 50)).hears(message(51));
  expect(reading).toMatchObject({ seen: 51, unseen: 0, isBack: false });
  expect(reading?.divider).toBeUndefined();
});

test("a returning reader is led to the first new message; the others count until they are seen", () => {
  const back = new FeedReader(messages(1, 50), { epoch: "e1", seq: 40 });
  expect(back.reading).toMatchObject({ seen: 40, unseen: 10, divider: 40, isBack: true });
  expect(isUncounted(back.feed, { ...back.reading, seen: 40 } as ReadMarker)).toBe(false);
  back.is({ isFollowing: false }).isLed();
  expect(back.reading).toMatchObject({ seen: 40, unseen: 10, divider: 40, isBack: false });
  back.is({ isFollowing: true });
  expect(back.reading).toMatchObject({ seen: 50, unseen: 0, divider: 40 });
});

test("in another epoch nothing is marked as new; beyond the loaded entries there is no count", () => {
  expect(new FeedReader(messages(1, 50), { epoch: "e0", seq: 7 }).reading).toMatchObject({
    seen: 50,
    unseen: 0,
  });
  const late = new FeedReader(messages(951, 1_000), { epoch: "e1", seq: 3 });
  expect(late.reading).toMatchObject({ unseen: 50, divider: 3 });
  expect(late.reading && isUncounted(late.feed, late.reading)).toBe(true);
});

test("a hidden visitor's messages are not new", () => {
  const hidden = new Map([[other.id, other]]);
  const away = new FeedReader(messages(1, 3))
    .is({ viewer: { self: me.id, hidden } })
    .is({ isVisible: false });
  away.hears(message(4, other));
  expect(away.reading).toMatchObject({ unseen: 0 });
  away.hears(message(5, { id: "v-third", name: "Third" }));
  expect(away.reading).toMatchObject({ unseen: 1, divider: 3 });
});

test("the visitor's own messages and notices do not count as new", () => {
  const away = new FeedReader(messages(1, 3)).is({ isVisible: false });
  away.hears(message(4, me), notice(5, "join", other));
  expect(away.reading).toMatchObject({ unseen: 0 });
  expect(away.reading?.divider).toBeUndefined();
});

for (const [how, absence] of [
  ["the tab was hidden", { isVisible: false, isHidden: true }],
  ["the window did not have the focus", { isVisible: false }],
  ["one had scrolled up", { isFollowing: false }],
  ["the link was lost", { isLive: false }],
] as const)
  test(`messages that came when ${how} are divided off once, and the divider stays while the reader reads`, () => {
    const away = new FeedReader(messages(1, 3)).is(absence).hears(message(4)).hears(message(5));
    expect(away.reading).toMatchObject({ seen: 3, unseen: 2, divider: 3 });
    away.is({ isVisible: true, isHidden: false, isFollowing: true, isLive: true }).isLed().hears(message(6));
    expect(away.reading).toMatchObject({ seen: 6, unseen: 0, divider: 3 });
    expect(away.is({ isFollowing: false }).is({ isFollowing: true }).reading?.divider).toBe(3);
    expect(away.is({ isFollowing: false }).hears(message(7)).reading?.divider).toBe(6);
  });

test("a reader who returns to the tab is led to the new messages; one whose window only lost the focus is not", () => {
  const hidden = new FeedReader(messages(1, 3)).is({ isVisible: false, isHidden: true }).hears(message(4));
  expect(hidden.is({ isHidden: false }).reading).toMatchObject({ unseen: 1, isBack: false });
  expect(hidden.is({ isVisible: true }).reading).toMatchObject({ unseen: 1, divider: 3, isBack: true });
  const beside = new FeedReader(messages(1, 3)).is({ isVisible: false }).hears(message(4));
  expect(beside.reading).toMatchObject({ seen: 3, unseen: 1 });
  expect(beside.is({ isVisible: true }).reading).toMatchObject({
    seen: 4,
    unseen: 0,
    divider: 3,
    isBack: false,
  });
});

test("the divider disappears when the reader writes, and after an absence without new messages", () => {
  const marked = () =>
    new FeedReader(messages(1, 3)).is({ isVisible: false }).hears(message(4)).is({ isVisible: true });
  expect(marked().isLed().is({ sent: 1 }).reading?.divider).toBeUndefined();
  expect(marked().isLed().is({ isVisible: false }).is({ isVisible: true }).reading?.divider).toBeUndefined();
});

test("messages seen in another tab are not new here: the divider is before the unseen ones, or absent", () => {
  const away = new FeedReader(messages(1, 3)).is({ isVisible: false });
  away.hears(message(4), message(5), message(6)).is({ seenAnywhere: 5 });
  expect(away.reading).toMatchObject({ seen: 5, unseen: 1, divider: 5 });
  away.is({ seenAnywhere: 6 });
  expect(away.reading).toMatchObject({ seen: 6, unseen: 0 });
  expect(away.is({ isVisible: true }).reading?.divider).toBeUndefined();
});

test("reading in two tabs at once keeps the divider where it is", () => {
  const reading = new FeedReader(messages(1, 3)).is({ isFollowing: false });
  reading.hears(message(4), message(5)).is({ seenAnywhere: 5 });
  expect(reading.reading).toMatchObject({ seen: 5, unseen: 0, divider: 3 });
});
