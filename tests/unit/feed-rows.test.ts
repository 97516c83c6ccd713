import { isSameRow, rowsOf } from "../../components/chat/feed/feed-rows";
import { noneHidden } from "../../components/chat/members/hidden-visitors";
import type { Line } from "../../components/chat/state/lines";
import type { Outgoing } from "../../components/chat/state/outgoing";
import { expect, test } from "../support/plain-test";

const noon = new Date(2026, 10, 20, 12).getTime();
const minute = 60_000;
const otter = { id: "v-otter", name: "Brave Otter" };
const twin = { id: "v-twin", name: "Brave Otter" };

const message = (seq: number, by: typeof otter, at = noon): Line => ({
  seq,
  at,
  kind: "message",
  by,
  text: `text ${seq}`,
  clientMessageId: `message-${seq}`,
});
const join = (seq: number): Line => ({ seq, at: noon, kind: "join", by: otter });

const outline = (lines: Line[], outbox: Outgoing[] = [], self = otter.id) =>
  rowsOf(lines, outbox, { self, hidden: noneHidden }).map((row) =>
    "isFirst" in row ? `${row.kind}${row.isFirst ? " first" : ""}` : row.kind,
  );

test("messages of one author within five minutes are one group", () => {
  const lines = [
    message(1, otter),
    message(2, otter, noon + 5 * minute),
    message(3, otter, noon + 10 * minute + 1),
    message(4, twin, noon + 10 * minute + 2),
  ];
  expect(outline(lines)).toEqual(["day", "message first", "message", "message first", "message first"]);
});

test("fault 7: the reader's own messages are recognized by visitor id, never by name", () => {
  const rows = rowsOf([message(1, otter), message(2, twin)], [], { self: otter.id, hidden: noneHidden });
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.isOwn] : []))).toEqual([true, false]);
});

test("a new day begins with a day line, and notices next to each other are one row", () => {
  const tomorrow = noon + 24 * 60 * minute;
  const lines = [join(1), join(2), message(3, otter), message(4, otter, tomorrow)];
  expect(outline(lines)).toEqual(["day", "notices", "message first", "day", "message first"]);
});

test("[F-4] a crowd notice is a notice like others, and an unknown kind draws nothing", () => {
  const visits: Line = { seq: 2, at: noon, kind: "visits", joined: 12, left: 9, memberCount: 5 };
  const unknown = { seq: 4, at: noon, kind: "of-a-later-version" } as unknown as Line;
  const lines = [join(1), visits, message(3, otter), unknown, message(5, otter)];
  expect(outline(lines)).toEqual(["day", "notices", "message first", "message"]);
});

test("a message keeps its row's key from being written to being stored", () => {
  const draft: Outgoing = {
    clientMessageId: "message-7",
    text: "text 7",
    writtenAt: noon,
    fate: { is: "pending" },
  };
  const before = rowsOf([message(6, otter)], [draft], { self: otter.id, hidden: noneHidden }).at(-1);
  const after = rowsOf([message(6, otter), message(7, otter)], [], {
    self: otter.id,
    hidden: noneHidden,
  }).at(-1);
  expect(before?.kind).toBe("outgoing");
  expect(after?.key).toBe(before?.key);
});

test("a removal draws no row; a removed message and a gap draw their own lines", () => {
  const lines: Line[] = [
    { kind: "gap", seq: 3, gap: { from: 1, to: 3, reason: "trimmed" } },
    { kind: "removed", seq: 4, at: noon },
    { kind: "removal", seq: 5, at: noon, targets: [4] },
  ];
  expect(outline(lines)).toEqual(["gap", "day", "removed"]);
});

test("[O-4] a withheld message draws nothing, not even its day, and does not split a group", () => {
  const withheld = (seq: number): Line => ({ kind: "withheld", seq, at: noon });
  expect(outline([withheld(1)])).toEqual([]);
  expect(outline([message(1, otter), withheld(2), message(3, otter)])).toEqual([
    ...outline([message(1, otter), message(3, otter)]),
  ]);
});

test("messages of hidden visitors next to each other are one row, which ends a group", () => {
  const hidden = new Map([[twin.id, twin]]);
  const lines = [message(1, otter), message(2, twin), message(3, twin), message(4, otter), message(5, twin)];
  const rows = rowsOf(lines, [], { self: "v-me", hidden });
  expect(rows.map((row) => ("isFirst" in row ? `${row.kind} ${row.isFirst}` : row.kind))).toEqual([
    "day",
    "message true",
    "hidden",
    "message true",
    "hidden",
  ]);
  expect(rows.flatMap((row) => (row.kind === "hidden" ? [row.entries.map(({ seq }) => seq)] : []))).toEqual([
    [2, 3],
    [5],
  ]);
});

test("the reader's own messages are never hidden", () => {
  const rows = rowsOf([message(1, otter)], [], { self: otter.id, hidden: new Map([[otter.id, otter]]) });
  expect(rows.map(({ kind }) => kind)).toEqual(["day", "message"]);
});

test("a new entry changes no row except the last notices, when they grow", () => {
  const lines = [message(1, otter), join(2), message(3, twin), join(4)];
  const rowsWith = (...more: Line[]) =>
    rowsOf([...lines, ...more], [], { self: undefined, hidden: noneHidden });
  const changed = (...more: Line[]) => {
    const later = rowsWith(...more);
    return rowsWith().flatMap((row, at) => (later[at] && isSameRow(row, later[at]) ? [] : [row.kind]));
  };
  expect(changed(message(5, otter))).toEqual([]);
  expect(changed(join(5))).toEqual(["notices"]);
});

test("[O-4] a withheld entry draws nothing, and neither ends nor begins a group, a day or a divider", () => {
  const withheld = (seq: number, at = noon): Line => ({ seq, at, kind: "withheld" });
  const nextDay = noon + 24 * 60 * minute;
  const lines = [message(1, otter), withheld(2), message(3, otter), join(4), withheld(5), join(6)];
  expect(outline([...lines, withheld(7, nextDay)])).toEqual(["day", "message first", "message", "notices"]);
  const rows = rowsOf([...lines, message(8, twin)], [], { self: otter.id, hidden: noneHidden }, 4);
  expect(rows.map(({ kind }) => kind)).toEqual(["day", "message", "message", "notices", "new", "message"]);
});
