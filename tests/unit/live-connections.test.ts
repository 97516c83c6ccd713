import type { Cursor, Entry, Member } from "../../protocol/events";
import { LiveConnections } from "../../server/gateway/live-connections";
import type { ChatSocket } from "../../server/gateway/socket-types";
import { linesOf } from "../../server/moderation/entry-view";
import { Random } from "../chaos/random";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment, settle } from "./fake-environment";
import { readFrame } from "./read-frame";

type Told = { entries?: Entry[]; gap?: unknown; members?: Member[] };

/** A connection that records the number of each entry it gets and the names of those who type, and counts its frames. */
class Reader {
  connected = true;
  readonly seqs: number[] = [];
  readonly gaps: unknown[] = [];
  /** Of each list of typists: the last entry before it, and the names. */
  readonly typists: [after: number | undefined, names: string[]][] = [];
  frames = 0;
  /** Called at each write. */
  onWrite: (() => void) | undefined;
  readonly backlog = {
    send: (frame: Buffer) => {
      const told = readFrame(frame)[1] as Told;
      this.frames += 1;
      this.seqs.push(...(told.entries ?? []).map(({ seq }) => seq));
      if (told.gap !== undefined) this.gaps.push(told.gap);
      if (told.members) this.typists.push([this.seqs.at(-1), told.members.map(({ name }) => name)]);
      this.onWrite?.();
    },
  };

  get socket(): ChatSocket {
    return this as unknown as ChatSocket;
  }
}

const entry = (seq: number, kind: "message" | "join" | "closed" = "message"): Entry =>
  ({
    seq,
    at: seq,
    kind,
    by: { id: "v", name: "v" },
    text: "text",
    clientMessageId: `message-${seq}`,
  }) as Entry;
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);

function opened(has: Cursor = { epoch: "e", seq: 0 }) {
  const environment = new FakeEnvironment();
  const clock = { now: environment.now, after: environment.after, every: () => () => undefined };
  const live = new LiveConnections("lobby", has, clock, () => ({ visitor: "reader", isStaff: false }));
  let head = has.seq;
  const append = (count: number, kind: "message" | "join" | "closed" = "message") => {
    live.append(live.cursor.epoch, linesOf(Array.from({ length: count }, () => entry(++head, kind))));
  };
  /** Enough entries a second for the room to gather them. */
  const growBusy = async () => {
    append(300);
    await settle();
  };
  return { environment, live, append, growBusy, head: () => head };
}

/** Enough connections for a window. */
function crowdIn(live: LiveConnections, count = 200): Reader[] {
  const readers = Array.from({ length: count }, () => new Reader());
  for (const reader of readers) expect(live.add(reader, live.cursor)).toBe(true);
  return readers;
}

test("entries of one turn go out in one frame", async () => {
  const { live, append } = opened();
  const reader = new Reader();
  live.add(reader, live.cursor);
  append(1);
  append(2);
  expect(reader.frames).toBe(0);
  await settle();
  expect([reader.frames, reader.seqs]).toEqual([1, [1, 2, 3]]);
});

test("in a busy room the entries of a window go out in one frame", async () => {
  const { environment, live, append, growBusy, head } = opened();
  const [reader] = crowdIn(live);
  await growBusy();
  const [before, from] = [reader?.frames ?? 0, head() + 1];
  for (let count = 0; count < 5; count += 1) {
    append(1);
    await settle();
  }
  expect(reader?.frames).toBe(before);
  await environment.pass(25);
  expect([reader?.frames, reader?.seqs.slice(from - 1)]).toEqual([before + 1, numbers(from, from + 4)]);
});

test("a connection that is added while entries wait gets only those that it has not received", async () => {
  const { environment, live, append, growBusy, head } = opened();
  crowdIn(live);
  await growBusy();
  const sent = head();
  append(4);
  const [behind, level, ahead, whole, beyond] = [0, 1, 2, 3, 4].map(() => new Reader()) as [
    Reader,
    Reader,
    Reader,
    Reader,
    Reader,
  ];
  expect(live.add(behind, { epoch: "e", seq: sent - 1 })).toBe(false);
  expect(live.add(level, { epoch: "e", seq: sent })).toBe(true);
  expect(live.add(ahead, { epoch: "e", seq: sent + 2 })).toBe(true);
  expect(live.add(whole, { epoch: "e", seq: sent + 4 })).toBe(true);
  expect(live.add(beyond, { epoch: "e", seq: sent + 5 })).toBe(false);
  expect(live.add(beyond, { epoch: "other", seq: sent })).toBe(false);
  await environment.pass(25);
  append(1);
  await environment.pass(25);
  expect(level.seqs).toEqual(numbers(sent + 1, sent + 5));
  expect(ahead.seqs).toEqual(numbers(sent + 3, sent + 5));
  expect(whole.seqs).toEqual([sent + 5]);
  expect([...behind.seqs, ...beyond.seqs]).toEqual([]);
});

test("a connection that is taken off continues after the last entry it was sent, not after the waiting ones", async () => {
  const { live, append, growBusy, head } = opened();
  const [reader] = crowdIn(live) as [Reader];
  await growBusy();
  const sent = head();
  append(3);
  const ahead = new Reader();
  live.add(ahead, { epoch: "e", seq: sent + 2 });
  expect(live.remove(reader.socket)).toEqual({ epoch: "e", seq: sent });
  expect(live.remove(ahead.socket)).toEqual({ epoch: "e", seq: sent + 2 });
  expect(live.remove(reader.socket)).toBeUndefined();
});

test("a connection that turns slow by a frame continues after that frame", async () => {
  const { live, append } = opened();
  const reader = new Reader();
  live.add(reader, live.cursor);
  let from: Cursor | undefined;
  reader.onWrite = () => {
    from = live.remove(reader.socket);
  };
  append(3);
  await settle();
  expect([from, reader.seqs]).toEqual([{ epoch: "e", seq: 3 }, [1, 2, 3]]);
});

test("a gap comes after the waiting entries, and the end of a room is sent at once", async () => {
  const { live, append, growBusy, head } = opened();
  const [reader] = crowdIn(live) as [Reader];
  await growBusy();
  append(2);
  const gap = { from: head() + 1, to: head() + 5, reason: "trimmed" as const };
  live.gap(gap, { epoch: "e", seq: head() + 5 });
  expect([reader.seqs.at(-1), reader.gaps]).toEqual([head(), [gap]]);
  live.append("e", linesOf([entry(head() + 6, "closed")]));
  expect(reader.seqs.at(-1)).toBe(head() + 6);
});

test("waiting entries are sent before a page if one frame would be too large for both", async () => {
  const { live, append, growBusy, head } = opened();
  const [reader] = crowdIn(live) as [Reader];
  await growBusy();
  const before = reader.frames;
  append(1);
  live.append("e", linesOf([{ ...entry(head() + 1), text: "가".repeat(22_000) } as Entry]));
  expect(reader.frames).toBe(before + 2);
});

test("waiting entries are bounded in number and bytes", async () => {
  const { live, append, growBusy } = opened();
  const [reader] = crowdIn(live) as [Reader];
  await growBusy();
  const before = reader.frames;
  append(501);
  expect(reader.frames).toBe(before + 1);
  for (let count = 0; count < 3; count += 1)
    live.append("e", linesOf([{ ...entry(802 + count), text: "x".repeat(40_000) } as Entry]));
  expect(reader.frames).toBe(before + 3);
});

test("[C-6b] in a crowd, which members type is told at once after a pause, then behind a message, and within 250 ms", async () => {
  const { environment, live, append } = opened();
  const [reader] = crowdIn(live, 51) as [Reader];
  const typing = (...names: string[]) => live.typing(names.map((name) => ({ id: name, name })));
  typing("Ann");
  await settle();
  expect(reader.typists).toEqual([[undefined, ["Ann"]]]);
  typing("Ann", "Bo");
  typing("Bo");
  await settle();
  expect(reader.frames, "waits for messages").toBe(1);
  append(1);
  await settle();
  expect([reader.typists.slice(1), reader.frames]).toEqual([[[1, ["Bo"]]], 3]);
  typing();
  await environment.pass(249);
  expect(reader.frames).toBe(3);
  await environment.pass(1);
  expect([reader.typists.slice(2), reader.frames]).toEqual([[[1, []]], 4]);
});

test("a closed connection gets no more writes, even before the gateway knows", async () => {
  const { live, append } = opened();
  const reader = new Reader();
  live.add(reader, live.cursor);
  reader.connected = false;
  append(1);
  await settle();
  expect(reader.frames).toBe(0);
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
  test(`connections that come and go get each entry once and in order (seed ${seed})`, async () => {
    const random = new Random(seed);
    const { environment, live, append, head } = opened();
    crowdIn(live, 100);
    const readers = Array.from({ length: 20 }, () => ({ reader: new Reader(), from: -1, isLive: false }));
    const cursors = new Map<Reader, Cursor>();
    for (let step = 0; step < 600; step += 1) {
      const one = random.pick(readers);
      const action = random.between(0, 5);
      if (action <= 2) append(random.between(1, 4), random.pick(["message", "message", "join"]));
      else if (action === 3) await environment.pass(random.between(1, 40));
      else if (one.isLive) {
        const cursor = live.remove(one.reader.socket);
        expect(cursor?.seq).toBe(one.reader.seqs.at(-1) ?? one.from);
        if (cursor !== undefined) cursors.set(one.reader, cursor);
        one.isLive = false;
      } else {
        // Like a catch-up: it keeps the entries it got, and reads later ones from the store.
        const before = cursors.get(one.reader) ?? live.cursor;
        const seq = Math.max(before.seq, random.between(live.cursor.seq, head()));
        if (cursors.has(one.reader)) one.reader.seqs.push(...numbers(before.seq + 1, seq));
        else one.from = seq;
        cursors.set(one.reader, { epoch: "e", seq });
        one.isLive = live.add(one.reader, { epoch: "e", seq });
        expect(one.isLive).toBe(true);
      }
      if (random.between(0, 9) === 0) await settle();
    }
    await environment.pass(1_000);
    await settle();
    for (const { reader, from, isLive } of readers) {
      const last = isLive ? head() : (reader.seqs.at(-1) ?? from);
      if (from >= 0) expect(reader.seqs).toEqual(numbers(from + 1, last));
    }
  });
