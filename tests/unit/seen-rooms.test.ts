import { hasUnseen } from "../../components/rooms/seen-rooms";
import type { Cursor, ListedRoom } from "../../protocol/events";
import { expect, test } from "../support/plain-test";

const listed = (lastMessage?: Cursor): ListedRoom => ({
  id: "tea",
  title: "Tea",
  kind: "public",
  createdAt: 0,
  closed: false,
  memberCount: 0,
  lastEntryAt: 9,
  ...(lastMessage && { lastMessage }),
});

const seenUpTo = (seq: number) => new Map([["tea", { epoch: "e", seq }]]);

test("a room has new messages when its last message is after the last seen one, or in a new epoch", () => {
  expect(hasUnseen(listed({ epoch: "e", seq: 5 }), seenUpTo(4))).toBe(true);
  expect(hasUnseen(listed({ epoch: "f", seq: 1 }), seenUpTo(4))).toBe(true);
});

test("a room has no new messages when all were seen, when it has none, and when the reader was never there", () => {
  expect(hasUnseen(listed({ epoch: "e", seq: 5 }), seenUpTo(5))).toBe(false);
  expect(hasUnseen(listed({ epoch: "e", seq: 5 }), seenUpTo(8))).toBe(false);
  expect(hasUnseen(listed(), seenUpTo(4))).toBe(false);
  expect(hasUnseen(listed({ epoch: "e", seq: 5 }), new Map())).toBe(false);
});
