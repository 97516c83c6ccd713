import type { Entry } from "../../protocol/events";
import type { StoredEntry } from "../../server/broker/entry-json";
import type { Range } from "../../server/broker/feed";
import { LastTexts } from "../../server/direct/last-text";
import { expect, test } from "../support/plain-test";

const said = (seq: number, by: string, isWithheld = false): StoredEntry => ({
  ...{
    seq,
    at: seq,
    kind: "message",
    by: { id: by, name: by },
    text: `${by} ${seq}`,
    clientMessageId: `m-${seq}`,
  },
  ...(isWithheld && { withheldOf: by }),
});

/** A conversation with these entries. */
function conversation(entries: readonly Entry[]) {
  const room = { entries, epoch: "e" };
  let [reads, read] = [0, 0];
  const feed = {
    async read(_: string, { after = 0, before = Number.POSITIVE_INFINITY, limit }: Range) {
      const found = room.entries.filter(({ seq }) => seq > after && seq < before).slice(-limit);
      reads += 1;
      read += found.length;
      const [first, head] = [room.entries[0]?.seq ?? 1, room.entries.at(-1)?.seq ?? 0];
      return { epoch: room.epoch, first, head, entries: found, isClosed: false };
    },
  };
  const texts = new LastTexts(feed);
  const of = (reader: string) =>
    texts.of({ id: "direct-x", lastMessage: { epoch: "e", seq: room.entries.at(-1)?.seq ?? 0 } }, reader);
  /** How many entries were read since the last time. */
  const readSince = () => {
    const before = read;
    read = 0;
    return before;
  };
  return { room, of, reads: () => reads, readSince };
}

test("[O-4] behind any number of withheld messages the partner gets the text before them", async () => {
  for (const count of [1, 55, 1_000]) {
    const withheld = Array.from({ length: count }, (_, index) => said(index + 2, "ghost", true));
    const { of, reads } = conversation([said(1, "heron"), ...withheld]);
    expect(await of("heron"), `${count}`).toBe("heron 1");
    expect(reads()).toBeLessThan(10);
    expect(await of("ghost")).toBe(`ghost ${count + 1}`);
  }
});

test("[O-4] if all kept messages are withheld there is no text, and no further read", async () => {
  const { of, reads } = conversation([said(7, "ghost", true), said(8, "ghost", true)]);
  expect(await of("heron")).toBeUndefined();
  expect(reads()).toBe(2);
});

test("[O-4] a flood of withheld messages is gone through once for each reader, then only what is new in it", async () => {
  const flood = (count: number) =>
    Array.from({ length: count }, (_, index) => said(index + 2, "ghost", true));
  const { room, of, readSince } = conversation([said(1, "heron"), ...flood(1_000)]);
  expect(await of("heron")).toBe("heron 1");
  expect(readSince()).toBeGreaterThan(1_000);
  expect(await of("heron")).toBe("heron 1");
  expect(readSince(), "the last message and the one that is given").toBe(2);
  room.entries = [said(1, "heron"), ...flood(1_030)];
  expect(await of("heron")).toBe("heron 1");
  expect(readSince(), "30 more, of which the last is the last message").toBe(31);

  room.entries = [...room.entries, said(1_032, "heron", true), said(1_033, "ghost", true)];
  expect(await of("heron")).toBe("heron 1032");
  expect(await of("ghost")).toBe("ghost 1033");
  room.entries = [...room.entries, said(1_034, "heron", true)];
  expect(await of("ghost")).toBe("ghost 1033");
});

test("[O-4] what a search found is read anew: it may have been removed, trimmed, or be of an earlier epoch", async () => {
  const withheld = [said(3, "ghost", true), said(4, "ghost", true)];
  const { room, of } = conversation([said(1, "heron"), said(2, "heron"), ...withheld]);
  expect(await of("heron")).toBe("heron 2");
  const removed: Entry = { seq: 2, at: 2, kind: "removed" };
  room.entries = [said(1, "heron"), removed, ...withheld];
  expect(await of("heron")).toBe("");
  room.entries = withheld;
  expect(await of("heron")).toBeUndefined();
  room.entries = [said(1, "heron"), ...withheld];
  room.epoch = "f";
  expect(await of("heron")).toBe("heron 1");
});
