import type { Entry, MessageEntry } from "../../protocol/events";
import { parseEntry, type StoredEntry } from "../../server/broker/entry-json";
import { LiveConnections } from "../../server/gateway/live-connections";
import type { ChatSocket } from "../../server/gateway/socket-types";
import {
  entriesFor,
  jsonFor,
  linesOf,
  type Reader,
  typistViewsOf,
  viewsOf,
} from "../../server/moderation/entry-view";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment, settle } from "./fake-environment";
import { readFrame } from "./read-frame";

const place = { seq: 7, at: 1_700_000_000_000 };
const by = { id: "ghost", name: "Otter" };
const plain: Entry = {
  ...place,
  kind: "message",
  by,
  text: 'x","withheldOf":"b"}',
  clientMessageId: "a-message",
};
const withheld: StoredEntry = { ...plain, withheldOf: "ghost" };
const readers = {
  author: { visitor: "ghost", isStaff: false },
  other: { visitor: "heron", isStaff: false },
  staff: { visitor: "owner", isStaff: true },
} satisfies Record<string, Reader>;

test("[O-4] the author gets a withheld message byte for byte like any other, staff with a mark, others only its number", () => {
  const [line] = linesOf([parseEntry(JSON.stringify(withheld))]);
  if (line === undefined) throw new Error("no line");
  expect(jsonFor(line, readers.author)).toBe(JSON.stringify(plain));
  expect(jsonFor(line, readers.staff)).toBe(JSON.stringify({ ...plain, withheld: true }));
  expect(jsonFor(line, readers.other)).toBe(JSON.stringify({ ...place, kind: "withheld" }));
});

test("[O-4] readers that got a withheld message get its removal; others get another withheld number", () => {
  const removal: StoredEntry = { ...place, kind: "removal", targets: [5], withheldOf: "ghost" };
  const removed: StoredEntry = { ...place, kind: "removed", withheldOf: "ghost" };
  for (const { withheldOf: _, ...told } of [removal, removed]) {
    const stored = [{ ...told, withheldOf: "ghost" } as StoredEntry];
    for (const reader of [readers.author, readers.staff]) expect(entriesFor(stored, reader)).toEqual([told]);
    expect(entriesFor(stored, readers.other)).toEqual([{ ...place, kind: "withheld" }]);
  }
});

test("[O-7] everyone except its author gets a published message, because the author already has it", () => {
  const published: Entry = { ...place, seq: 9, kind: "published", message: plain as MessageEntry };
  for (const reader of [readers.other, readers.staff])
    expect(entriesFor([published], reader)).toEqual([published]);
  const placeholder = { ...place, seq: 9, kind: "withheld" };
  expect(entriesFor([published], readers.author), "nor which message it is").toEqual([placeholder]);
});

test("[O-7] the first number of a published message leads its readers to the number that they have", () => {
  const find = (seq: number) =>
    seq === 7 || seq === 9 ? { author: "ghost", written: 7, published: 9 } : undefined;
  const given = (entry: StoredEntry, reader: Reader) => entriesFor([entry], reader, find);
  expect(given(withheld, readers.other)).toEqual([{ ...place, kind: "withheld", shownAs: 9 }]);
  expect(given(withheld, readers.author), "byte for byte like any other").toEqual([plain]);
  const other = { ...withheld, seq: 8 };
  expect(given(other, readers.other), "never published").toEqual([{ ...place, seq: 8, kind: "withheld" }]);
  const removed = { ...place, kind: "removed", withheldOf: "ghost" } as StoredEntry;
  expect(given(removed, readers.other), "removed again").toEqual([{ ...place, kind: "withheld" }]);
});

test("[O-7] when a published message is removed, its author is told only of the withheld one, and others only of the published one", () => {
  const removal: Entry = { ...place, kind: "removal", targets: [9], forgotten: "ghost" };
  for (const told of [removal, { ...place, kind: "removed" } as Entry]) {
    const stored = [{ ...told, publishedOf: "ghost" } as StoredEntry];
    for (const reader of [readers.other, readers.staff]) expect(entriesFor(stored, reader)).toEqual([told]);
    expect(entriesFor(stored, readers.author)).toEqual([{ ...place, kind: "withheld" }]);
  }
});

test("[O-7] a reply to a published message points each reader to the entry that this reader has", () => {
  const publication = { author: "ghost", written: 7, published: 9 };
  const find = (seq: number) => (seq === 7 || seq === 9 ? publication : undefined);
  const answer = (replyTo: number): Entry => ({
    ...plain,
    seq: 12,
    by: { id: "lynx", name: "Lynx" },
    replyTo,
  });
  for (const replyTo of [7, 9]) {
    const given = (reader: Reader) => entriesFor([answer(replyTo)], reader, find);
    expect(given(readers.author)).toEqual([answer(7)]);
    expect(given(readers.other)).toEqual([answer(9)]);
    expect(given(readers.staff), "has both").toEqual([answer(replyTo)]);
  }
  expect(entriesFor([answer(3)], readers.author, find)).toEqual([answer(3)]);
  const viewOf = viewsOf(linesOf([answer(9)], find));
  expect(viewOf?.(readers.author)).not.toBe(viewOf?.(readers.other));
  expect(viewsOf(linesOf([answer(3)], find)), "one frame for all").toBeUndefined();
});

test("[O-4] all readers get an ordinary entry as it is stored, even with a text that looks like a mark", () => {
  const [line] = linesOf([plain]);
  for (const reader of Object.values(readers)) {
    expect(line && jsonFor(line, reader)).toBe(JSON.stringify(plain));
    expect(entriesFor([plain], reader)).toEqual([plain]);
  }
});

/** Live connections, whose readers are the first words of their names, and the frames sent to each. */
function connected(names: readonly string[]) {
  const { now, after } = new FakeEnvironment();
  const told = new Map<string, Buffer[]>();
  const receiver = (name: string) => ({
    socket: { name, connected: true } as unknown as ChatSocket,
    backlog: { send: (frame: Buffer) => void told.set(name, [...(told.get(name) ?? []), frame]) },
  });
  const readerOf = (socket: ChatSocket) =>
    readers[(socket as unknown as { name: string }).name.split(" ")[0] as keyof typeof readers];
  const cursor = { epoch: "e", seq: 0 };
  const live = new LiveConnections("lobby", cursor, { now, after, every: () => () => undefined }, readerOf);
  for (const name of names) live.add(receiver(name), cursor);
  return { live, told };
}

test("[O-4] connections with the same view of typing get one frame, and only its own and the staff's show a shadowed typist", async () => {
  const names = ["author 1", "author 2", "other 1", "other 2", "other 3", "staff 1", "staff 2"];
  const { live, told } = connected(names);
  const members = [by, { id: "lynx", name: "Lynx" }];
  live.typing(
    members,
    typistViewsOf(members, (visitor) => visitor === "ghost"),
  );
  await settle();
  const frames = new Map(names.map((name) => [name, told.get(name)?.[0] as Buffer]));
  expect(new Set(frames.values()).size, "encoded once for each view").toBe(3);
  for (const [name, frame] of frames)
    expect(readFrame(frame)[1]).toEqual({
      room: "lobby",
      members: name.startsWith("other") ? members.slice(1) : members,
    });
  expect(
    typistViewsOf(members, () => false),
    "one frame for all",
  ).toBeUndefined();
});

test("[O-4] live connections of one kind share a frame, and all of them share one while nothing is withheld", async () => {
  const names = ["author 1", "author 2", "other 1", "other 2", "staff 1"];
  const { live, told } = connected(names);
  const at = (seq: number, entry: Entry): Entry => ({ ...entry, seq });
  live.append("e", linesOf([at(1, plain)]));
  await settle();
  expect(new Set(names.map((name) => told.get(name)?.[0])).size).toBe(1);
  live.append("e", linesOf([at(2, withheld), at(3, plain)]));
  await settle();
  const entriesOf = (name: string) =>
    (readFrame(told.get(name)?.[1] as Buffer)[1] as { entries: Entry[] }).entries;
  const blank = { ...place, seq: 2, kind: "withheld" };
  for (const name of ["author 1", "author 2"]) expect(entriesOf(name)).toEqual([at(2, plain), at(3, plain)]);
  for (const name of ["other 1", "other 2"]) expect(entriesOf(name)).toEqual([blank, at(3, plain)]);
  expect(entriesOf("staff 1")).toEqual([{ ...at(2, plain), withheld: true }, at(3, plain)]);
});
