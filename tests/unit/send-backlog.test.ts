import { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import { deliverAtEnd } from "../../server/gateway/end-of-turn";
import { drainTimeoutMs, mostBytes, SendBacklog, slowBytes } from "../../server/gateway/send-backlog";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment, settle } from "./fake-environment";

/** A stream whose kernel takes bytes until it is full, and the rest when the test says so. */
class FakeStream {
  isFull = false;
  /** The content of each write to the kernel. */
  readonly writes: string[][] = [];
  private corks = 0;
  private readonly buffered: { bytes: Buffer; done: (() => void) | undefined }[] = [];

  get writableLength(): number {
    return this.buffered.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  cork(): void {
    this.corks += 1;
  }

  uncork(): void {
    this.corks = Math.max(0, this.corks - 1);
    this.pass();
  }

  write = (bytes: Buffer, done?: () => void): boolean => {
    this.buffered.push({ bytes, done });
    this.pass();
    return !this.isFull;
  };

  takeAll(): void {
    this.isFull = false;
    this.pass();
  }

  private pass(): void {
    if (this.corks > 0 || this.isFull || this.buffered.length === 0) return;
    const taken = this.buffered.splice(0);
    const texts = taken.filter(({ bytes }) => bytes.length > 0).map(({ bytes }) => bytes.toString());
    if (texts.length > 0) this.writes.push(texts);
    for (const { done } of taken) done?.();
  }
}

/** The part of Engine.IO's socket that reports packets; see its socket.js. */
class FakeLink extends EventEmitter {
  readonly transport = { writable: false };
  private readonly waiting: string[] = [];

  constructor(private readonly stream: FakeStream) {
    super();
  }

  packet(data: string): void {
    this.emit("packetCreate", { data });
    this.waiting.push(data);
    this.flush();
  }

  send(bytes: number): void {
    this.packet("x".repeat(bytes));
  }

  private flush(): void {
    if (!this.transport.writable) return;
    this.transport.writable = false;
    for (const data of this.waiting.splice(0)) this.stream.write(Buffer.from(data));
    this.emit("drain");
  }
}

const frame = (text: string) => Buffer.from(text);

function opened() {
  const stream = new FakeStream();
  const link = new FakeLink(stream);
  const environment = new FakeEnvironment();
  const told: string[] = [];
  const clock = { now: environment.now, after: environment.after, every: () => () => undefined };
  const open = { stream: stream as FakeStream | undefined };
  const backlog = new SendBacklog(link, {
    clock,
    stream: () => open.stream as unknown as Writable | undefined,
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
  const closing = () => {
    open.stream = undefined;
  };
  return { link, stream, environment, told, backlog, watch, closing };
}

test("all packets of a turn go out at its end in one write, in order; the next turn has another write", async () => {
  const { link, stream, backlog } = opened();
  link.packet("answer");
  backlog.send(frame("event"));
  link.packet("answer 2");
  expect([stream.writes, backlog.unsentBytes]).toEqual([[], 19]);
  await settle();
  expect([stream.writes, backlog.unsentBytes]).toEqual([[["answer", "event", "answer 2"]], 0]);
  backlog.send(frame("event 2"));
  await settle();
  expect(stream.writes.slice(1)).toEqual([["event 2"]]);
});

test("packets delivered at the end of a turn go out in its write", async () => {
  const { link, stream, backlog } = opened();
  link.packet("answer");
  deliverAtEnd(() => backlog.send(frame("event")));
  await settle();
  expect(stream.writes).toEqual([["answer", "event"]]);
});

test("a turn with many packets writes before its end, and keeps the order", async () => {
  const { link, stream, backlog } = opened();
  const much = "x".repeat(100 * 1024);
  link.packet("answer");
  backlog.send(frame(much));
  expect(stream.writes).toEqual([["answer", much]]);
  link.packet(much);
  backlog.send(frame("event"));
  expect(stream.writes.slice(1)).toEqual([[much]]);
  await settle();
  expect([stream.writes.slice(2), backlog.unsentBytes]).toEqual([[["event"]], 0]);
});

test("the backlog counts bytes, not characters, and no pings", () => {
  const { link, backlog } = opened();
  link.packet("마당");
  expect(backlog.unsentBytes).toBe(6);
  link.emit("packetCreate", { type: "ping" });
  expect(backlog.unsentBytes).toBe(6);
});

test("the backlog counts bytes until the kernel has taken them", async () => {
  const { link, stream, backlog, watch } = opened();
  stream.isFull = true;
  link.send(100);
  await settle();
  backlog.send(frame("event"));
  await settle();
  expect(backlog.unsentBytes).toBe(105);
  const drained = watch(backlog.drained());
  await settle();
  expect(drained.isOver).toBe(false);
  stream.takeAll();
  await settle();
  expect([drained.isOver, backlog.unsentBytes]).toEqual([true, 0]);
});

test("a closing connection gets no events, and nothing is written after its end", async () => {
  const { link, stream, backlog, closing } = opened();
  stream.isFull = true;
  link.packet("answer");
  closing();
  backlog.send(frame("event"));
  await settle();
  stream.takeAll();
  expect(stream.writes).toEqual([["answer"]]);
});

test("[W-7] events that the kernel does not take make a connection slow, and end it above 1 MiB", () => {
  const { stream, told, backlog } = opened();
  stream.isFull = true;
  backlog.send(frame("x".repeat(slowBytes + 1)));
  expect([told, backlog.isSlow]).toEqual([["slowed"], true]);
  backlog.send(frame("x".repeat(mostBytes)));
  expect(told).toEqual(["slowed", "overdue"]);
});

test("[W-7] a reader that takes everything at once does not become slow, however much a turn sends", () => {
  const { told, backlog } = opened();
  for (let times = 0; times < 20; times += 1) backlog.send(frame("x".repeat(60 * 1024)));
  expect(told).toEqual([]);
});

test("drained resolves when everything queued so far has gone out, along with anything queued later", async () => {
  const { link, stream, backlog, watch } = opened();
  await backlog.drained();
  stream.isFull = true;
  link.send(10);
  const first = watch(backlog.drained());
  await settle();
  expect(first.isOver).toBe(false);
  stream.takeAll();
  link.send(10);
  await settle();
  expect(first.isOver).toBe(true);
  const second = watch(backlog.drained());
  await settle();
  expect([second.isOver, backlog.unsentBytes]).toEqual([true, 0]);
});

test("[W-7] over the limit a connection is slow at once, reported once, until everything has gone out", async () => {
  const { link, stream, told, backlog, watch } = opened();
  stream.isFull = true;
  link.send(slowBytes);
  await settle();
  expect(backlog.isSlow).toBe(false);
  link.send(1);
  expect(backlog.isSlow).toBe(true);
  const drained = watch(backlog.drained());
  link.send(1);
  expect(told).toEqual(["slowed"]);
  await settle();
  expect([backlog.isSlow, drained.isOver]).toEqual([true, false]);
  stream.takeAll();
  await settle();
  expect([backlog.isSlow, drained.isOver]).toEqual([false, true]);
  stream.isFull = true;
  link.send(slowBytes + 1);
  expect(told).toEqual(["slowed", "slowed"]);
});

test("[W-7] over 1 MiB a connection is ended, once", () => {
  const { link, stream, told, backlog } = opened();
  stream.isFull = true;
  link.send(mostBytes);
  expect(told).toEqual(["slowed"]);
  link.send(1);
  link.send(1);
  expect(told).toEqual(["slowed", "overdue"]);
  expect(backlog.isSlow).toBe(false);
});

test("[W-7] a slow connection that does not drain in time is ended; one that does is not", async () => {
  const { link, stream, environment, told } = opened();
  stream.isFull = true;
  link.send(slowBytes + 1);
  await environment.pass(drainTimeoutMs - 1);
  stream.takeAll();
  await environment.pass(drainTimeoutMs);
  expect(told).toEqual(["slowed"]);
  stream.isFull = true;
  link.send(slowBytes + 1);
  await environment.pass(drainTimeoutMs - 1);
  expect(told).toEqual(["slowed", "slowed"]);
  await environment.pass(1);
  expect(told).toEqual(["slowed", "slowed", "overdue"]);
});

test("[W-7] a page that does not go out in time ends its connection, however small it is", async () => {
  const { link, stream, environment, told, backlog } = opened();
  stream.isFull = true;
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
  await settle();
  expect(read.isOver).toBe(false);
  link.emit("heartbeat");
  await settle();
  expect(read.isOver).toBe(true);
});

test("[W-7] a page that is never read ends its connection, even though all of it has gone out", async () => {
  const { link, environment, told, backlog } = opened();
  link.send(1);
  await settle();
  void backlog.acknowledged();
  await environment.pass(drainTimeoutMs - 1);
  expect(told).toEqual([]);
  await environment.pass(1);
  expect(told).toEqual(["overdue"]);
});

test("waiting callers resolve when the connection is gone, and no time-out remains", async () => {
  const { link, stream, environment, told, backlog, watch } = opened();
  stream.isFull = true;
  link.send(slowBytes + 1);
  const waits = [watch(backlog.drained()), watch(backlog.acknowledged())];
  link.emit("close");
  await settle();
  expect(waits).toEqual([{ isOver: true }, { isOver: true }]);
  expect([backlog.isSlow, backlog.unsentBytes]).toEqual([false, 0]);
  await environment.pass(drainTimeoutMs);
  expect(told).toEqual(["slowed"]);
});
