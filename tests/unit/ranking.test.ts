import { expect, test } from "@playwright/test";
import type { RoomSummary } from "../../server/broker/rooms";
import { asSeenBy, isListable } from "../../server/rooms/ranking";

/** A visitor's room, in which one visible visitor at most has spoken. */
const room: RoomSummary = {
  id: "tea",
  title: "Tea",
  kind: "public",
  createdAt: 1,
  closed: false,
  memberCount: 2,
  lastEntryAt: 50,
  head: { epoch: "e", seq: 9 },
};
const message = (seq: number) => ({ epoch: "e", seq });

test("[O-4] to who wrote a withheld message, another's message after it is an answer, and one before it is not", () => {
  const own = { lastMessage: message(5) };
  const answered = asSeenBy({ ...room, lastMessage: message(7) }, own);
  expect(isListable(answered)).toBe(true);
  expect(answered.lastMessage).toEqual(message(7));
  for (const lastMessage of [undefined, message(3)]) {
    const alone = asSeenBy({ ...room, ...(lastMessage && { lastMessage }) }, own);
    expect(isListable(alone)).toBe(false);
    expect(alone.lastMessage).toEqual(message(5));
  }
  expect(isListable(asSeenBy(room, { ...own, repliedAt: 40 })), "its own answer").toBe(true);
  expect(asSeenBy(room, { lastMessage: { epoch: "before", seq: 5 } })).toEqual(room);
});
