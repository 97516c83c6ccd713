import { readFileSync } from "node:fs";
import { readDump } from "../../server/dump/import";
import { textLines } from "../../server/dump/text-lines";
import { kindOfRecord } from "../../server/records/key-kinds";
import { recordKeys } from "../../server/records/keys";
import { isDumped, kindOfText } from "../../server/records/record-dump";
import { createKeys } from "../../server/redis/keys";
import { expect, test } from "../support/plain-test";

const header = { madang: "store", version: 1, exportedAt: 1, hasSecrets: false };
const room = {
  id: "tea",
  title: "Tea",
  kind: "public",
  createdAt: 1,
  closed: false,
  epoch: "e",
  head: 2,
  lastEntryAt: 2,
};
const by = { id: "ann", name: "Otter" };
const join = { seq: 1, at: 1, kind: "join", by };
const message = { seq: 2, at: 2, kind: "message", by, text: "hello", clientMessageId: "draft-1" };
const record = { key: "directory:{ann}:visits", kind: "set" };
const whole: unknown[] = [
  header,
  { room },
  { entry: join },
  { entry: message },
  { record },
  { item: ["tea"] },
  { end: { lines: 6 } },
];

const pieces = async function* (texts: Iterable<string | Buffer>): AsyncIterable<Buffer> {
  for (const text of texts) yield Buffer.from(text);
};

async function read(text: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const { line } of readDump(textLines(pieces([text])))) lines.push(line);
  return lines;
}

const textOf = (lines: readonly unknown[]): string =>
  lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");

/** The whole file with one line replaced or removed. */
const changed = (index: number, line?: unknown): string =>
  textOf(line === undefined ? whole.toSpliced(index, 1) : whole.toSpliced(index, 1, line));

test("a complete file is read, however its lines are cut into pieces, and with fields in any order", async () => {
  const text = textOf(whole);
  expect(await read(text)).toHaveLength(7);
  expect(await read(text.trimEnd()), "without the last line break").toHaveLength(7);
  const bytes = Buffer.from(text.replace("hello", "안녕 \u{1F375}"));
  const single = Array.from(bytes, (byte) => Buffer.from([byte]));
  const lines: string[] = [];
  for await (const line of textLines(pieces(single))) lines.push(line);
  expect(lines.join("\n")).toBe(bytes.toString().trimEnd());
  const sortedByTool = { entry: Object.fromEntries(Object.entries(message).sort()) };
  const [, , , entry] = await read(changed(3, sortedByTool));
  expect(JSON.stringify(entry), "the scripts read the fields in this order").toBe(
    JSON.stringify({ entry: message }),
  );
});

test("a complete file is read after an editor has saved it, with a byte order mark and other line ends", async () => {
  const text = textOf(whole);
  for (const saved of [
    `\uFEFF${text}`,
    text.replaceAll("\n", "\r\n"),
    `\uFEFF${text.replaceAll("\n", "\r\n")}`,
  ])
    expect(await read(saved)).toEqual(await read(text));
  const single = Array.from(Buffer.from(`\uFEFF${text}`), (byte) => Buffer.from([byte]));
  const lines: string[] = [];
  for await (const line of textLines(pieces(single))) lines.push(line);
  expect(`${lines.join("\n")}\n`).toBe(text);
});

const faults: [what: string, text: string, reason: RegExp][] = [
  ["an empty file", "", /line 1: the end is missing/],
  ["a foreign text", "Dear diary,\nI\n", /line 1: this is no export of a store/],
  ["a foreign file of JSON", '{"name":"madang"}\n', /line 1: this is no export of a store/],
  [
    "a newer version",
    changed(0, { ...header, version: 2 }),
    /line 1: .*newer version \(format 2, this one reads 1\)/,
  ],
  ["a line that is torn", changed(3, '{"entry":{"seq":2,"at'), /line 4: it is torn, or no JSON/],
  ["a file that is torn", textOf(whole).slice(0, 300), /line \d: (it is torn|the end is missing)/],
  ["a file that ends early", textOf(whole.slice(0, 4)), /line 5: the end is missing: the file was cut off/],
  ["a line that is missing", changed(5), /line 6: it ends 6 lines, and 5 are here/],
  ["more behind the end", textOf([...whole, { room }]), /line 8: there is more behind the end/],
  ["two files in one", textOf([...whole, ...whole]), /line 8: there is more behind the end/],
  ["a line of a kind that is not known", changed(4, { visitor: {} }), /line 5: it is no line of an export/],
  ["a list", changed(4, []), /line 5: it is no line of an export/],
  ["a field of another type", changed(1, { room: { ...room, head: "2" } }), /line 2: room.head: /],
  ["a field more", changed(1, { room: { ...room, mood: "calm" } }), /line 2: room: .*mood/],
  [
    "an entry of an unknown kind",
    changed(3, { entry: { ...message, kind: "poll" } }),
    /line 4: entry.kind: /,
  ],
  ["an id that is no room's", changed(1, { room: { ...room, id: "a}{b" } }), /line 2: room.id: /],
  ["a number twice", changed(3, { entry: { ...message, seq: 1 } }), /line 4: entry 1 does not follow 1/],
  [
    "a number above the last",
    changed(3, { entry: { ...message, seq: 3 } }),
    /line 4: entry 3 does not follow 1 in a room of 2/,
  ],
  ["an entry without a room", changed(1), /line 2: it belongs to a room/],
  ["an item without a record", changed(4), /line 5: an item without a record/],
  ["a room twice", textOf([header, { room }, { room }]), /line 3: the room tea is here twice/],
  [
    "a key that is no record's",
    changed(4, { record: { ...record, key: "importing" } }),
    /line 5: record.key: /,
  ],
  ...["{@presence}:replicas", "directory:{@rate-rooms}:x", "{@activity}:replicas", "{@part-1}:mark"].map(
    (key): [string, string, RegExp] => [
      `a key that is not moved, ${key}`,
      changed(4, { record: { ...record, key } }),
      /line 5: record.key: no record that is moved/,
    ],
  ),
  [
    "a record of another kind",
    changed(4, { record: { ...record, kind: "list" } }),
    /line 5: record.kind: directory:\{ann\}:visits is a set, and no list/,
  ],
  [
    "the list of ended tokens as a map",
    changed(4, { record: { key: recordKeys.accounts.ended, kind: "map" } }),
    /line 5: record.kind: \{@accounts\}:ended is a list, and no map/,
  ],
  [
    "a counter that is a text",
    changed(4, { record: { key: recordKeys.rooms.version, kind: "count", value: "1" } }),
    /line 5: record.value: /,
  ],
  [
    "a value without one",
    changed(4, { record: { key: "directory:{ann}:refuses", kind: "value" } }),
    /line 5: record.value: /,
  ],
  ["an item with a value in a set", changed(5, { item: ["tea", 1] }), /line 6: the item tea does not fit/],
  ...(["count", "map", "list"] as const).map((kind): [string, string, RegExp] => {
    const key = {
      count: recordKeys.rooms.version,
      map: recordKeys.rooms.titles,
      list: recordKeys.forgetting,
    }[kind];
    const value = kind === "count" ? { value: 1 } : {};
    const lines = whole.with(4, { record: { key, kind, ...value } });
    return [`an item without a value in a ${kind}`, textOf(lines), /line 6: the item tea does not fit/];
  }),
  [
    "a head far above the last entry",
    changed(1, { room: { ...room, head: 60_002 } }),
    /line 5: the room tea \(line 2\) lacks 60000 of its entries up to 60002/,
  ],
  [
    "an entry far above the one before",
    textOf(
      whole.with(1, { room: { ...room, head: 60_002 } }).with(3, { entry: { ...message, seq: 60_002 } }),
    ),
    /line 4: the room tea \(line 2\) lacks 60000 of its entries/,
  ],
  [
    "a head that no room reaches",
    changed(1, { room: { ...room, head: 2 ** 53 - 1 } }),
    /line 2: room.head: /,
  ],
  [
    "a moment that never comes",
    changed(1, { room: { ...room, createdAt: 9e15 } }),
    /line 2: room.createdAt: /,
  ],
];

for (const [what, text, reason] of faults)
  test(`an error is reported with its line: ${what}`, async () => {
    await expect(read(text)).rejects.toThrow(reason);
  });

test("a file without line breaks is refused before it fills the memory", async () => {
  const endless = (function* () {
    for (;;) yield "x".repeat(1_000_000);
  })();
  const lines = readDump(textLines(pieces(endless)));
  await expect(lines[Symbol.asyncIterator]().next()).rejects.toThrow("longer than any line");
});

/** The key of every record; keys for one visitor or item get a sample. */
function keysIn(place: object): string[] {
  return Object.values(place).flatMap((key: unknown) => {
    if (typeof key === "function") return [String(key("ann-012345678901"))];
    return typeof key === "object" && key !== null ? keysIn(key) : [String(key)];
  });
}

test("all records are moved, except those that a new start makes obsolete", () => {
  const left = keysIn(recordKeys).filter((key) => !isDumped(key));
  expect(left).toEqual([
    recordKeys.newlyListed,
    recordKeys.onlineReplicas("ann-012345678901"),
    recordKeys.activity.replicas,
    recordKeys.activity.visitorSample("ann-012345678901"),
  ]);
  const rate = createKeys("").rate("network", "rooms");
  for (const key of [rate, createKeys("").importing, createKeys("").asset("x")])
    expect(isDumped(key)).toBe(false);
  const counters = keysIn(recordKeys).filter((key) => kindOfText(key) === "count");
  expect(counters).toEqual([
    recordKeys.conversationsVersion("ann-012345678901"),
    recordKeys.rooms.version,
    recordKeys.accounts.quota("ann-012345678901"),
  ]);
});

test("the kind of each record is the one that its key's comment names", () => {
  const source = readFileSync("server/records/keys.ts", "utf8");
  const comments = source.matchAll(
    /\/\*\*\s+(?:\* )?(value|counter|map|set|list|log)\b(?:(?!\*\/)[\s\S])*\*\/\s+(\w+):/g,
  );
  const said = Array.from(comments, ([, kind]) => (kind === "counter" ? "count" : kind));
  const keys = keysIn(recordKeys);
  expect(said).toHaveLength(keys.length);
  expect(keys.map((key) => [key, kindOfRecord(key)])).toEqual(keys.map((key, index) => [key, said[index]]));
  for (const key of ["directory:{ann}:later", "{@accounts}:later", "directory:{}:visits", ""])
    expect(kindOfRecord(key), key).toBeUndefined();
});

test("a room that has lost a few of its entries, or all, is read", async () => {
  expect(await read(changed(1, { room: { ...room, head: 50_002 } }))).toHaveLength(7);
  const empty = [header, { room: { ...room, head: 1e12 } }, { end: { lines: 2 } }];
  expect(await read(textOf(empty))).toHaveLength(3);
});
