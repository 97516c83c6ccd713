import { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import { expect, test } from "@playwright/test";
import { drainTimeoutMs, mostBytes, SendBacklog, slowBytes } from "../../server/gateway/send-backlog";
import { FakeEnvironment, settle } from "./fake-environment";

/** Engine.IO's end of one connection, as far as it tells of packets and writes; see its socket.js. */
class FakeLink extends EventEmitter {
  readonly transport = new EventEmitter();
  readonly packets: [packet: string, options: object][] = [];
  private isWritable = true;
  private waiting = 0;

  write(packet: string, options: object): void {
    this.packets.push([packet, options]);
    this.emit("packetCreate", { data: packet, options });
    this.waiting += 1;
    this.flush();
  }

  send(bytes: number): void {
    this.emit("packetCreate", { data: "x".repeat(bytes) });
    this.waiting += 1;
    this.flush();
  }

  /** The kernel has taken what the transport was given. */
  written(): void {
    this.transport.emit("drain");
    this.isWritable = true;
    this.flush();
  }

  private flush(): void {
    if (!this.isWritable || this.waiting === 0) return;
    this.emit("flush");
    this.waiting = 0;
    this.isWritable = false;
  }
}

/** A stream that takes bytes until it is full, and the rest when told. */
class FakeStream {
  isFull = false;
  writableLength = 0;
  readonly written: string[] = [];
  private calls: (() => void)[] = [];

  write = (bytes: Buffer, done?: () => void): boolean => {
    if (bytes.length > 0) this.written.push(String(bytes));
    if (this.isFull) this.writableLength += bytes.length;
    if (done) this.calls.push(done);
    return !this.isFull;
  };

  takeAll(): void {
    this.isFull = false;
    this.writableLength = 0;
    for (const call of this.calls.splice(0)) call();
  }
}

const frame = (text: string) => ({ packet: text, bytes: Buffer.from(`frame of ${text}`) });

function opened(stream?: FakeStream) {
  const link = new FakeLink();
  const environment = new FakeEnvironment();
  const told: string[] = [];
  const clock = { now: environment.now, after: environment.after, every: () => () => undefined };
  const backlog = new SendBacklog(link, {
    clock,
    stream: () => stream as unknown as Writable | undefined,
    ping: () => void link.emit("packetCreate", { type: "ping" }),
    slowed: () => told.push("slowed"),
    overdue: () => told.push("overdue"),
  });
  const watch = (promise: Promise<void>) => {
    const seen = { isOver: false };
    void promise.then(() => {
      seen.isOver = true;
    });
    return seen;
  };
  return { link, environment, told, backlog, watch };
}

test("counts queued bytes that are not written yet, batch by batch", () => {
  const { link, backlog } = opened();
  link.send(100);
  link.send(20);
  link.send(3);
  expect(backlog.unsentBytes).toBe(123);
  link.written();
  expect(backlog.unsentBytes).toBe(23);
  link.send(7);
  link.written();
  expect(backlog.unsentBytes).toBe(7);
  link.written();
  expect(backlog.unsentBytes).toBe(0);
});

test("counts bytes and not characters, the frame where one was made, and nothing for a ping", () => {
  const { link, backlog } = opened();
  link.emit("packetCreate", { data: "마당" });
  expect(backlog.unsentBytes).toBe(6);
  link.emit("packetCreate", {
    data: "ignored",
    options: { wsPreEncodedFrame: [Buffer.alloc(4), Buffer.alloc(300)] },
  });
  expect(backlog.unsentBytes).toBe(310);
  link.emit("packetCreate", { type: "ping" });
  expect(backlog.unsentBytes).toBe(310);
});

test("while nothing waits an event goes to the stream at once, and counts until it has left", async () => {
  const stream = new FakeStream();
  const { link, backlog, watch } = opened(stream);
  backlog.send(frame("one"));
  expect([stream.written, link.packets, backlog.unsentBytes]).toEqual([["frame of one"], [], 0]);
  stream.isFull = true;
  backlog.send(frame("two"));
  expect(backlog.unsentBytes).toBe("frame of two".length);
  const drained = watch(backlog.drained());
  await settle();
  expect(drained.isOver).toBe(false);
  stream.takeAll();
  await settle();
  expect([drained.isOver, backlog.unsentBytes]).toEqual([true, 0]);
});

test("while something waits, or the stream is closing, an event goes to Engine.IO, as one buffer", () => {
  const { bytes } = frame("three");
  const asBuffer = ["three", { compress: false, wsPreEncodedFrame: [bytes] }];
  const full = new FakeStream();
  const { link, backlog } = opened(full);
  full.isFull = true;
  backlog.send(frame("one"));
  backlog.send(frame("three"));
  expect([full.written, link.packets]).toEqual([["frame of one"], [asBuffer]]);
  full.takeAll();
  expect(backlog.unsentBytes, "it is behind the first one").toBe(bytes.length);
  link.written();
  expect(backlog.unsentBytes).toBe(0);

  const busy = opened(new FakeStream());
  busy.link.send(10);
  busy.backlog.send(frame("three"));
  expect(busy.link.packets).toEqual([asBuffer]);

  const closing = opened();
  closing.backlog.send(frame("three"));
  expect(closing.link.packets).toEqual([asBuffer]);
});

test("[W-7] what a full stream was given makes a connection slow, and ends it above 1 MiB", () => {
  const stream = new FakeStream();
  const { told, backlog } = opened(stream);
  stream.isFull = true;
  backlog.send(frame("x".repeat(slowBytes)));
  expect([told, backlog.isSlow]).toEqual([["slowed"], true]);
  backlog.send(frame("x".repeat(mostBytes)));
  expect(told).toEqual(["slowed", "overdue"]);
});

test("bytes written before it was made do not count", () => {
  const { link, backlog } = opened();
  link.transport.emit("drain");
  link.send(5);
  expect(backlog.unsentBytes).toBe(5);
});

test("drained resolves when all that was queued until then has left, with anything queued later", async () => {
  const { link, backlog, watch } = opened();
  await backlog.drained();
  link.send(10);
  const first = watch(backlog.drained());
  link.send(10);
  await settle();
  expect(first.isOver).toBe(false);
  link.written();
  await settle();
  expect(first.isOver).toBe(true);
  const second = watch(backlog.drained());
  link.send(10);
  link.written();
  await settle();
  expect(second.isOver).toBe(true);
  expect(backlog.unsentBytes).toBe(10);
});

test("[W-7] over the limit it is slow at once, told once, and until everything has left", async () => {
  const { link, told, backlog, watch } = opened();
  link.send(slowBytes);
  expect(backlog.isSlow).toBe(false);
  link.send(1);
  expect(backlog.isSlow).toBe(true);
  const drained = watch(backlog.drained());
  link.send(1);
  expect(told).toEqual(["slowed"]);
  link.written();
  await settle();
  expect(backlog.isSlow, "a little is still there").toBe(true);
  expect(drained.isOver).toBe(false);
  link.written();
  await settle();
  expect(backlog.isSlow).toBe(false);
  expect(drained.isOver).toBe(true);
  link.send(slowBytes + 1);
  expect(told).toEqual(["slowed", "slowed"]);
});

test("[W-7] over 1 MiB it is ended, once", () => {
  const { link, told, backlog } = opened();
  link.send(mostBytes);
  expect(told).toEqual(["slowed"]);
  link.send(1);
  link.send(1);
  expect(told).toEqual(["slowed", "overdue"]);
  expect(backlog.isSlow).toBe(false);
});

test("[W-7] a slow one that does not drain in time is ended; one that does is not", async () => {
  const { link, environment, told } = opened();
  link.send(slowBytes + 1);
  await environment.pass(drainTimeoutMs - 1);
  link.written();
  await environment.pass(drainTimeoutMs);
  expect(told).toEqual(["slowed"]);
  link.send(slowBytes + 1);
  await environment.pass(drainTimeoutMs - 1);
  expect(told).toEqual(["slowed", "slowed"]);
  await environment.pass(1);
  expect(told).toEqual(["slowed", "slowed", "overdue"]);
});

test("[W-7] a page that does not leave in time ends its connection, however small it is", async () => {
  const { link, environment, told, backlog } = opened();
  link.send(1);
  void backlog.drained();
  await environment.pass(drainTimeoutMs);
  expect(told).toEqual(["overdue"]);
});

test("read resolves with the pong to a ping sent behind the queued data, not with an earlier one", async () => {
  const { link, backlog, watch } = opened();
  link.emit("packetCreate", { type: "ping" });
  const read = watch(backlog.acknowledged());
  link.emit("heartbeat");
  link.written();
  await settle();
  expect(read.isOver).toBe(false);
  link.emit("heartbeat");
  await settle();
  expect(read.isOver).toBe(true);
});

test("[W-7] a page that is never read ends its connection, though all of it has left", async () => {
  const { link, environment, told, backlog } = opened();
  link.send(1);
  link.written();
  void backlog.acknowledged();
  await environment.pass(drainTimeoutMs - 1);
  expect(told).toEqual([]);
  await environment.pass(1);
  expect(told).toEqual(["overdue"]);
});

test("waiting callers resolve when the connection is gone, and no time-out is left", async () => {
  const { link, environment, told, backlog, watch } = opened();
  link.send(slowBytes + 1);
  const waits = [watch(backlog.drained()), watch(backlog.acknowledged())];
  link.emit("close");
  await settle();
  expect(waits).toEqual([{ isOver: true }, { isOver: true }]);
  expect([backlog.isSlow, backlog.unsentBytes]).toEqual([false, 0]);
  await environment.pass(drainTimeoutMs);
  expect(told).toEqual(["slowed"]);
});
