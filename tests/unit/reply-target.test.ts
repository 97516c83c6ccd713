import { replyable } from "../../components/chat/reply-target";
import { append, emptyFeed, join, skip } from "../../components/chat/state/feed";
import type { MessageEntry } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { message, messages, welcome } from "./feed-makers";

const feed = join(emptyFeed, welcome(messages(901, 950)));
/** A message from further back than the feed reaches, shown in an excerpt. */
const entry = message(7) as MessageEntry;
const target = { entry, since: feed.cursor };

test("a reply keeps its message when the feed no longer has it, until it is removed", () => {
  const later = append(feed, "e1", messages(951, 960));
  expect(replyable(later, target)).toBe(entry);
  const removed = append(later, "e1", [{ seq: 961, at: 961, kind: "removal", targets: [7] }]);
  expect(replyable(removed, target)).toBeUndefined();
});

test("a reply is dropped when its message may have been removed in a gap, or the room has a new epoch", () => {
  const lost = skip(feed, { from: 951, to: 1_200, reason: "trimmed" });
  expect(replyable(append(lost, "e1", messages(1_201, 1_202)), target)).toBeUndefined();
  expect(replyable(append(feed, "e2", messages(1, 3)), target)).toBeUndefined();
});
