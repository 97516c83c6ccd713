import { emptyFeed, isRemoved, type LiveFeed, withLines } from "../../components/owner/live-feed";
import { placeIn } from "../../components/owner/sections";
import type { StaffLine } from "../../protocol/events";
import { expect, test } from "../support/plain-test";

const by = { id: "a", name: "Otter" };
const line = (seq: number, at: number, room = "lobby"): StaffLine => ({
  ...{ room, title: room, epoch: "e" },
  entry: { seq, at, kind: "message", by, text: `${seq}`, clientMessageId: `id-${seq}` },
});
const removal = (targets: number[], at: number): StaffLine => ({
  ...{ room: "lobby", title: "lobby", epoch: "e" },
  entry: { seq: 99, at, kind: "removal", targets },
});
const shown = (feed: LiveFeed) =>
  feed.lines.filter((each) => !isRemoved(feed, each)).map(({ room, entry }) => `${room} ${entry.seq}`);

test("[O-11] repeated lines are shown once, in the order of their times, over all rooms", () => {
  const first = withLines(emptyFeed, [line(1, 10), line(2, 30)]);
  const later = withLines(first, [line(2, 30), line(1, 20, "tea"), line(3, 40)]);
  expect(shown(later)).toEqual(["lobby 1", "tea 1", "lobby 2", "lobby 3"]);
  expect(later.since).toBe(40);
});

test("[O-11] a removed message stays removed, whichever comes first, and one with that number in another room stays", () => {
  const feed = withLines(emptyFeed, [line(1, 10), line(1, 10, "tea"), removal([1, 2], 50)]);
  expect(shown(withLines(feed, [line(1, 10), line(2, 20)]))).toEqual(["tea 1"]);
});

test("an address leads to its section, or to the first if it names none or one that the moderator may not see", () => {
  expect(placeIn("#visitors=AAAAAAAAAAAAAAA_", "moderator")).toEqual({
    ...{ section: "visitors", visitor: "AAAAAAAAAAAAAAA_" },
  });
  expect(placeIn("#guard", "owner")).toEqual({ section: "guard" });
  for (const fragment of ["", "#", "#nowhere", "#guard"])
    expect(placeIn(fragment, "moderator"), fragment).toEqual({ section: "reports" });
});
