import { type NoticedUpTo, newMessagesSince } from "../../components/chat/alerts/new-messages";
import { type ChatEvent, type ChatState, initialState, reduce } from "../../components/chat/state/chat-state";
import { prepend } from "../../components/chat/state/excerpt";
import { expect, test } from "../support/plain-test";
import { me, message, messages, other, welcome } from "./feed-makers";

/** Handles one event after the other, and returns the numbers that counted as new. */
function listen() {
  let state: ChatState = initialState;
  let noticedUpTo: NoticedUpTo;
  return (...events: ChatEvent[]): number[] => {
    state = events.reduce(reduce, state);
    const since = newMessagesSince(noticedUpTo, state, { self: me.id, hidden: new Map() });
    noticedUpTo = since.noticedUpTo;
    return since.messages.map(({ seq }) => seq);
  };
}

const live: ChatEvent = { type: "link:changed", link: { is: "live" } };
const lost: ChatEvent = { type: "link:changed", link: { is: "waiting", retryAt: 0 } };
const joined = (...input: Parameters<typeof welcome>): ChatEvent => ({
  type: "room:joined",
  answer: welcome(...input),
});
const appended = (from: number, to: number, epoch = "e1"): ChatEvent => ({
  type: "feed:appended",
  epoch,
  entries: messages(from, to),
});

test("history does not count as new; a later entry does, once", () => {
  const hear = listen();
  expect(hear(joined(messages(1, 3)), live)).toEqual([]);
  expect(hear(appended(4, 5))).toEqual([4, 5]);
  expect(hear()).toEqual([]);
  expect(hear(appended(6, 6))).toEqual([6]);
});

test("the reader's own messages do not count as new", () => {
  const hear = listen();
  hear(joined(messages(1, 1)), live);
  const entries = [message(2, me), message(3, other)];
  expect(hear({ type: "feed:appended", epoch: "e1", entries })).toEqual([3]);
});

test("entries found on return do not count as new, not even in the pages after the join", () => {
  const hear = listen();
  hear(joined(messages(1, 3)), live);
  hear(lost);
  expect(hear(joined(messages(4, 6), { presenceSeq: 9 }), live)).toEqual([]);
  expect(hear(appended(7, 9))).toEqual([]);
  expect(hear(appended(10, 10))).toEqual([10]);
});

test("a feed that begins anew does not count as new; later entries in it do", () => {
  const hear = listen();
  hear(joined(messages(1, 8)), live);
  expect(hear(appended(1, 2, "e2"))).toEqual([]);
  expect(hear(appended(3, 3, "e2"))).toEqual([3]);
});

test("entries read from older history do not count as new", () => {
  const hear = listen();
  hear(joined(messages(10, 12)), live);
  const older = { epoch: "e1", entries: messages(1, 9), more: false };
  expect(hear({ type: "history:read", add: (feed) => prepend(feed, 10, older) })).toEqual([]);
});

test("[O-4] a message that only owner and moderators see does not count as new for them", () => {
  const hear = listen();
  hear(joined(messages(1, 3)), live);
  expect(hear({ type: "feed:appended", epoch: "e1", entries: [{ ...message(4), withheld: true }] })).toEqual(
    [],
  );
  expect(hear(appended(5, 5))).toEqual([5]);
});
