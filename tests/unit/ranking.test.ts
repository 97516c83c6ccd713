import type { RoomSummary } from "../../server/broker/rooms";
import { asSeenBy, isListable } from "../../server/rooms/ranking";
import { expect, test } from "../support/plain-test";

/** A visitor's room in which at most one visible visitor has spoken. */
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

test("[O-4] for the author of a withheld message, another's later message counts as a reply, and an earlier one does not", () => {
  const own = { lastMessage: message(5) };
  const answered = asSeenBy({ ...room, lastMessage: message(7) }, own);
  expect(isListable(answered)).toBe(true);
  expect(answered.lastMessage).toEqual(message(7));
  for (const lastMessage of [undefined, message(3)]) {
    const alone = asSeenBy({ ...room, ...(lastMessage && { lastMessage }) }, own);
    expect(isListable(alone)).toBe(false);
    expect(alone.lastMessage).toEqual(message(5));
  }
  expect(isListable(asSeenBy(room, { ...own, repliedAt: 40 })), "its own reply").toBe(true);
  expect(asSeenBy(room, { lastMessage: { epoch: "before", seq: 5 } })).toEqual(room);
});
