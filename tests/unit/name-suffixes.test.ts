import { nanoid } from "nanoid";
import { isSameRow, rowsOf } from "../../components/chat/feed/feed-rows";
import { nameSuffixOf } from "../../components/chat/feed/name-suffixes";
import { noneHidden } from "../../components/chat/members/hidden-visitors";
import type { Line } from "../../components/chat/state/lines";
import { expect, test } from "../support/plain-test";

const otter = { id: "v-otter", name: "Brave Otter" };
const twin = { id: "v-twin", name: "Brave Otter" };
const heron = { id: "v-heron", name: "Calm Heron" };

const message = (seq: number, by: typeof otter): Line => ({
  seq,
  at: 1_700_000_000_000,
  kind: "message",
  by,
  text: "text",
  clientMessageId: `message-${seq}`,
});
const rows = (lines: Line[], self = "v-reader") =>
  rowsOf(lines, [], { self, hidden: noneHidden }).filter((row) => row.kind === "message");
const suffixes = (lines: Line[], self?: string) => rows(lines, self).map(({ nameSuffix }) => nameSuffix);

test("two visitors of one name in one feed have a suffix each, and other visitors have none", () => {
  const lines = [message(1, otter), message(2, heron), message(3, twin), message(4, otter)];
  const [mine, theirs] = [nameSuffixOf(otter.id), nameSuffixOf(twin.id)];
  expect(suffixes(lines)).toEqual([mine, undefined, theirs, mine]);
  expect(suffixes(lines.slice(0, 2))).toEqual([undefined, undefined]);
  expect(suffixes(lines, otter.id), "the visitor's own messages need none").toEqual([
    undefined,
    undefined,
    theirs,
    undefined,
  ]);
});

test("a message that is already shown is drawn again when a visitor of the same name comes", () => {
  const [first, ...others] = [message(1, otter), message(2, heron), message(3, twin)];
  if (first === undefined) throw new Error("there is no message");
  const [alone, still, beside] = [0, 1, 2].map((count) => rows([first, ...others.slice(0, count)])[0]);
  if (!alone || !still || !beside) throw new Error("a row is missing");
  expect([isSameRow(alone, still), isSameRow(alone, beside)]).toEqual([true, false]);
});

test("suffixes have four letters, and two visitors hardly ever share one", () => {
  const all = Array.from({ length: 2_000 }, () => nameSuffixOf(nanoid(16)));
  expect(all.filter((suffix) => !/^[a-z]{4}$/.test(suffix))).toEqual([]);
  expect(new Set(all).size).toBeGreaterThan(1_980);
});
