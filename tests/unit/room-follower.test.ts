import type { Entry, Gap } from "../../protocol/events";
import type { Page } from "../../server/broker/feed";
import { RoomFollower } from "../../server/broker/redis/feed/follower";
import { expect, test } from "../support/plain-test";

/** A stream that answers reads when the test says so. */
class Stream {
  epoch = "e1";
  rewoundFrom: string | undefined;
  first = 1;
  head = 0;
  readonly given: number[] = [];
  readonly gaps: Gap[] = [];
  private waiting: (() => void)[] = [];
  readonly follower: RoomFollower;

  constructor(at = 0) {
    this.head = at;
    this.follower = new RoomFollower(
      "lobby",
      { epoch: this.epoch, seq: at },
      {
        appended: (_epoch, entries) => this.given.push(...entries.map(({ seq }) => seq)),
        gap: (gap) => this.gaps.push(gap),
      },
      (_room, { after }) => this.read(after),
      (error) => this.failures.push(error),
    );
  }
  readonly failures: unknown[] = [];
  isBroken = false;

  private async read(after: number): Promise<Page> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.isBroken) throw new Error("away");
    const from = Math.max(after + 1, this.first);
    const entries = Array.from({ length: Math.max(0, this.head - from + 1) }, (_, index) =>
      entry(from + index),
    );
    const { epoch, first, head, rewoundFrom } = this;
    return {
      epoch,
      first,
      head,
      entries,
      isClosed: false,
      ...(rewoundFrom !== undefined && { rewoundFrom }),
    };
  }

  /** Stores an entry, and carries it unless the channel is cut. */
  append(isCarried = true): void {
    this.head += 1;
    if (isCarried) this.follower.receive(`${this.epoch} ${this.head} ${JSON.stringify(entry(this.head))}`);
  }

  /** Answers every read until there are no more. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 5; quiet += 1) {
      const waiting = this.waiting.splice(0);
      for (const resolve of waiting) resolve();
      if (waiting.length > 0) quiet = 0;
      await Promise.resolve();
      await new Promise(setImmediate);
    }
  }
}

const entry = (seq: number) => ({ seq, at: seq, kind: "join", by: { id: "a", name: "a" } }) satisfies Entry;
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, index) => from + index);

test("[F-1] entries in order are delivered at once, without reading", () => {
  const stream = new Stream();
  for (let index = 0; index < 5; index += 1) stream.append();
  expect(stream.given).toEqual(upTo(5));
});

test("[F-1] a jump is filled from the stream, in order, and entries that come meanwhile are delivered once", async () => {
  const stream = new Stream();
  stream.append();
  stream.append(false);
  stream.append(false);
  stream.append();
  stream.append();
  expect(stream.given).toEqual([1]);
  await stream.settle();
  stream.append();
  await stream.settle();
  expect(stream.given).toEqual(upTo(6));
});

test("a repeat changes nothing", () => {
  const stream = new Stream();
  stream.append();
  stream.follower.receive(`e1 1 ${JSON.stringify(entry(1))}`);
  expect(stream.given).toEqual([1]);
});

test("[F-0] a gap for trimmed entries comes before later entries", async () => {
  const stream = new Stream(5);
  for (let index = 0; index < 10; index += 1) stream.append(false);
  stream.first = 12;
  stream.follower.expect({ epoch: "e1", seq: 15 });
  await stream.settle();
  expect(stream.gaps).toEqual([{ from: 6, to: 11, reason: "trimmed" }]);
  expect(stream.given).toEqual(upTo(15, 12));
});

test("[F-0] a gap is reported even if no entry follows it", async () => {
  const stream = new Stream(5);
  Object.assign(stream, { head: 10, first: 11 });
  stream.follower.expect({ epoch: "e1", seq: 10 });
  await stream.settle();
  expect(stream.gaps).toEqual([{ from: 6, to: 10, reason: "trimmed" }]);
  expect(stream.follower.cursor).toEqual({ epoch: "e1", seq: 10 });
  stream.append();
  expect(stream.given).toEqual([11]);
});

test("[F-0] an epoch that ended because the store was older is reported as rewound once, however often it is noticed", async () => {
  const stream = new Stream(5);
  Object.assign(stream, { epoch: "e2", rewoundFrom: "e1", head: 3, first: 1 });
  for (let sign = 0; sign < 3; sign += 1) stream.follower.expect({ epoch: "e2", seq: 3 });
  stream.append();
  await stream.settle();
  stream.follower.expect({ epoch: "e2", seq: 4 });
  await stream.settle();
  expect(stream.gaps).toEqual([{ from: 1, to: 1, reason: "rewound" }]);
  expect(stream.given).toEqual([1, 2, 3, 4]);
});

test("[F-0] a new epoch is reported as a reset, and read from its first entry", async () => {
  const stream = new Stream(5);
  Object.assign(stream, { epoch: "e2", head: 2, first: 1 });
  stream.append();
  await stream.settle();
  expect(stream.gaps).toEqual([{ from: 1, to: 1, reason: "reset" }]);
  expect(stream.given).toEqual([1, 2, 3]);
  expect(stream.follower.cursor).toEqual({ epoch: "e2", seq: 3 });
});

test("reach waits for the stream", async () => {
  const stream = new Stream();
  stream.append(false);
  let isReached = false;
  const reaching = stream.follower.reach(1).then(() => {
    isReached = true;
  });
  await Promise.resolve();
  expect(isReached).toBe(false);
  await stream.settle();
  await reaching;
  expect(stream.given).toEqual([1]);
});

test("a failed read is reported, and the next sign of life fills the hole", async () => {
  const stream = new Stream();
  stream.append(false);
  stream.isBroken = true;
  stream.append();
  await stream.settle();
  expect(stream.failures).toHaveLength(1);
  stream.isBroken = false;
  stream.append();
  await stream.settle();
  expect(stream.given).toEqual([1, 2, 3]);
});

test("after it stopped, nothing is delivered", async () => {
  const stream = new Stream();
  stream.append(false);
  stream.append();
  stream.follower.stop();
  await stream.settle();
  stream.append();
  expect(stream.given).toEqual([]);
  expect(stream.gaps).toEqual([]);
});

test("[F-0] after it stopped, a gap is not reported", async () => {
  const stream = new Stream(5);
  Object.assign(stream, { head: 20, first: 15 });
  stream.follower.expect({ epoch: "e1", seq: 20 });
  stream.follower.stop();
  await stream.settle();
  expect(stream.gaps).toEqual([]);
});
