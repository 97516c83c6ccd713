import type { Entry, Member } from "../../protocol/events";
import { firstPageBytes, resumePageEntries } from "../../protocol/limits";
import type { FeedListener, Range } from "../../server/broker/feed";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { MemoryFeed } from "../../server/broker/memory/feed";
import { ChatError } from "../../server/errors";
import { Deliveries } from "../../server/gateway/deliveries";
import { type EncodedJoinAnswer, JoinedRooms } from "../../server/gateway/joined-rooms";
import { mostRecentBytes, RecentBytes } from "../../server/gateway/recent-bytes";
import { RoomDelivery } from "../../server/gateway/room-delivery";
import type { SendBacklog } from "../../server/gateway/send-backlog";
import type { ChatSocket } from "../../server/gateway/socket-types";
import { systemClock } from "../../server/lib/clock";
import { Pace } from "../../server/lib/pace";
import { SerialQueue } from "../../server/lib/serial-queue";
import { noLimits } from "../support/no-limits";
import { noModeration } from "../support/no-moderation";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";
import { readFrame } from "./read-frame";
import { roomsOver } from "./rooms-over";

/** A feed that can refuse reads, as when the store is away. */
class UnsteadyFeed extends MemoryFeed {
  isAway = false;
  /** Called while a read is under way. */
  meanwhile: (() => void) | undefined;

  /** Called when a room is already entered, but not yet followed. */
  beforeFollowing: (() => Promise<void>) | undefined;

  override async follow(room: string, listener: FeedListener) {
    await this.beforeFollowing?.();
    return super.follow(room, listener);
  }

  override async read(room: string, range: Range) {
    if (this.isAway) throw new ChatError("unavailable");
    this.meanwhile?.();
    return super.read(room, range);
  }
}

class UnsteadyBroker extends MemoryBroker {
  override readonly feed: UnsteadyFeed;

  constructor(...[limits, clock]: ConstructorParameters<typeof MemoryBroker>) {
    super(limits, clock);
    this.feed = new UnsteadyFeed(this.rooms, clock, limits);
  }
}

type Given = { room: string; entries?: Entry[]; members?: Member[] };

/** A socket with its send backlog, played by the test. */
class FakeSocket {
  readonly id = "connection";
  readonly data = { visitor: { id: "v" }, locale: "en", token: "" };
  readonly connected = true;
  readonly seqs: number[] = [];
  readonly pages: string[] = [];
  /** The names of the typing members, from each event. */
  readonly typists: string[][] = [];
  isSlow = false;
  private readonly waits: (() => void)[] = [];

  emit(_event: string, given: Given): void {
    this.take(given);
  }

  send(frame: Buffer): void {
    this.take(readFrame(frame)[1] as Given);
  }

  take({ room, entries = [], members }: Given): void {
    if (members !== undefined) this.typists.push(members.map(({ name }) => name));
    else this.pages.push(room);
    this.seqs.push(...entries.map(({ seq }) => seq));
  }

  async drained(): Promise<void> {
    if (this.isSlow) await new Promise<void>((resolve) => this.waits.push(resolve));
  }

  /** A client that is not slow, and does not answer heartbeats. */
  isSilent = false;
  async acknowledged(): Promise<void> {
    if (this.isSlow || this.isSilent) await new Promise<void>((resolve) => this.waits.push(resolve));
  }

  drain(): void {
    this.isSlow = false;
    for (const resolve of this.waits.splice(0)) resolve();
  }
}

const claim = (name: string) => ({ name, skeleton: name });
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => from + place);

function opened() {
  const clock = { ...systemClock, every: () => () => undefined };
  const broker = new UnsteadyBroker({ historyLimit: 10_000, historyDays: 30 }, clock);
  const rooms = roomsOver(broker, noLimits);
  const socket = new FakeSocket();
  const opened = new Map<string, RoomDelivery>();
  const deliveries = new Deliveries((room) => {
    const delivery = new RoomDelivery(room, {
      ...{ broker, clock, delivered: () => undefined, recentBytes: new RecentBytes(mostRecentBytes) },
      moderation: noModeration,
    });
    opened.set(room, delivery);
    return delivery;
  });
  const recipient = {
    socket: socket as unknown as ChatSocket,
    backlog: socket as unknown as SendBacklog,
    turns: new SerialQueue(),
  };
  return {
    broker,
    socket,
    deliveries,
    isLive: (room: string) => opened.get(room)?.isLive(recipient.socket) === true,
    membership: new JoinedRooms(recipient, {
      rooms,
      broker,
      deliveries,
      joins: new Pace(4),
      moderation: noModeration,
    }),
  };
}

/** A cursor for which only the store has the entries. */
const unknown = { epoch: "of-another-time", seq: 1 };

const seqsIn = ({ entries }: EncodedJoinAnswer): number[] =>
  (JSON.parse(entries.text) as Entry[]).map(({ seq }) => seq);

/** Enters with one connection, which is then live, and with another that sends. */
async function inLobby() {
  const opening = opened();
  const { broker, membership, isLive } = opening;
  await broker.membership.enter({ room: "lobby", connection: "other", visitor: "w", names: [claim("w")] });
  const { follow } = await membership.join({ room: "lobby" });
  follow();
  await expect.poll(() => isLive("lobby")).toBe(true);
  let count = 0;
  const say = async (times: number, text = "text") => {
    for (let time = 0; time < times; time += 1)
      await broker.feed.publish("lobby", "other", { clientMessageId: `message-${count++}`, text });
    await settle();
  };
  return { ...opening, say };
}

test("[W-7] one page at a time is on its way, for any number of rooms, and each room gets its turn", async () => {
  const { broker, socket, membership } = opened();
  const rooms = ["one", "two", "three"];
  for (const id of rooms) {
    await broker.rooms.create({ id, title: id, kind: "public" });
    await broker.membership.enter({ room: id, connection: "other", visitor: "w", names: [claim("w")] });
    for (let count = 0; count < 4 * resumePageEntries; count += 1)
      await broker.feed.publish(id, "other", { clientMessageId: `message-${count}`, text: "text" });
    const { epoch } = await broker.feed.read(id, { limit: 1 });
    socket.isSilent = true;
    const { follow } = await membership.join({ room: id, cursor: { epoch, seq: 0 } });
    follow();
  }
  await settle();
  for (let count = 1; count <= 6; count += 1) {
    expect(socket.pages).toHaveLength(count);
    socket.drain();
    await settle();
  }
  expect(socket.pages.slice(0, 6)).toEqual([...rooms, ...rooms]);
});

test("[C-1] a repeated join that fails half-way leaves the connection on live delivery", async () => {
  const { broker, membership, isLive } = await inLobby();
  broker.feed.isAway = true;
  await expect(membership.join({ room: "lobby", cursor: unknown })).rejects.toMatchObject({
    code: "unavailable",
  });
  broker.feed.isAway = false;
  expect(membership.isIn("lobby")).toBe(true);
  await expect.poll(() => isLive("lobby")).toBe(true);
});

test("[C-1] [F-0] the newest page is bounded in bytes: its oldest entries are left out, and the gap says so", async () => {
  const { membership, say } = await inLobby();
  await say(20, "x".repeat(firstPageBytes / 10));
  const first = await membership.join({ room: "lobby" });
  expect(seqsIn(first.answer)).toEqual(numbers(14, 22));
  expect(first.answer.cursor.seq).toBe(22);
  const again = await membership.join({ room: "lobby", cursor: { epoch: "of-another-time", seq: 3 } });
  expect(seqsIn(again.answer)).toEqual(numbers(14, 22));
  expect(again.answer.gap).toEqual({ from: 1, to: 13, reason: "reset" });
});

test("[C-1] joining or resuming a room that this replica follows does not read the store", async () => {
  const { broker, membership, isLive, say } = await inLobby();
  await say(70);
  const { epoch } = await broker.feed.read("lobby", { limit: 1 });
  broker.feed.isAway = true;
  const first = await membership.join({ room: "lobby" });
  expect(seqsIn(first.answer)).toEqual(numbers(23, 72));
  const again = await membership.join({ room: "lobby", cursor: { epoch, seq: 60 } });
  expect(seqsIn(again.answer)).toEqual(numbers(61, 72));
  expect(again.answer).toMatchObject({ cursor: { epoch, seq: 72 }, presenceSeq: 72 });
  again.follow();
  await expect.poll(() => isLive("lobby")).toBe(true);
});

test("[W-7] a slow connection gets nothing until it has drained, and then each entry once", async () => {
  const { socket, membership, say, isLive } = await inLobby();
  await say(2);
  socket.isSlow = true;
  membership.slowDown();
  membership.slowDown();
  await say(700);
  expect(isLive("lobby")).toBe(false);
  expect(socket.seqs).toEqual(numbers(3, 4));
  socket.drain();
  await expect.poll(() => isLive("lobby")).toBe(true);
  await say(1);
  expect(socket.seqs).toEqual(numbers(3, 705));
});

test("[W-7] a connection that turns slow while its page is read gets the page later, and is not live before that", async () => {
  const { broker, socket, membership, say, isLive } = await inLobby();
  const { follow } = await membership.join({ room: "lobby" });
  await say(5);
  broker.feed.meanwhile = () => {
    socket.isSlow = true;
  };
  follow();
  await settle();
  expect([socket.pages, isLive("lobby")]).toEqual([[], false]);
  broker.feed.meanwhile = undefined;
  socket.drain();
  await expect.poll(() => isLive("lobby")).toBe(true);
  expect(socket.seqs).toEqual(numbers(3, 7));
});

test("[W-7] [C-1] a slow connection whose repeated join fails continues from its last entry", async () => {
  const { broker, socket, membership, say, isLive } = await inLobby();
  socket.isSlow = true;
  membership.slowDown();
  await say(5);
  broker.feed.isAway = true;
  await expect(membership.join({ room: "lobby", cursor: unknown })).rejects.toMatchObject({
    code: "unavailable",
  });
  broker.feed.isAway = false;
  socket.drain();
  await expect.poll(() => isLive("lobby")).toBe(true);
  expect(socket.seqs).toEqual(numbers(3, 7));
});

test("[W-7] a slow connection continues from its repeated join", async () => {
  const { socket, membership, say, isLive } = await inLobby();
  socket.isSlow = true;
  membership.slowDown();
  await say(5);
  const { answer, follow } = await membership.join({ room: "lobby" });
  expect(answer.cursor.seq).toBe(7);
  follow();
  await say(2);
  socket.drain();
  await expect.poll(() => isLive("lobby")).toBe(true);
  expect(socket.seqs).toEqual(numbers(8, 9));
});

test("[W-7] a room that a slow connection has left is no longer delivered", async () => {
  const { broker, socket, membership, say, isLive } = await inLobby();
  socket.isSlow = true;
  membership.slowDown();
  await say(5);
  await membership.leave("lobby");
  const { id } = await broker.rooms.create({ id: "tea", title: "Tea", kind: "public" });
  const { follow } = await membership.join({ room: id });
  follow();
  socket.drain();
  await expect.poll(() => isLive("tea")).toBe(true);
  expect(socket.seqs).toEqual([]);
  expect(isLive("lobby")).toBe(false);
});

for (const isSlow of [false, true])
  test(`a closed room is delivered to its end and then unsubscribed, on a ${isSlow ? "slow" : "live"} connection`, async () => {
    const { broker, socket, deliveries, membership, isLive } = opened();
    await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "w" });
    await broker.membership.enter({ room: "tea", connection: "other", visitor: "w", names: [claim("w")] });
    const { follow } = await membership.join({ room: "tea" });
    follow();
    await expect.poll(() => isLive("tea")).toBe(true);
    socket.isSlow = isSlow;
    if (isSlow) membership.slowDown();
    await broker.feed.publish("tea", "other", { clientMessageId: "message-1", text: "good bye" });
    await broker.rooms.close("tea", "other");
    socket.drain();
    await expect.poll(() => deliveries.size).toBe(0);
    expect(socket.seqs).toEqual(numbers(3, 4));
    expect([membership.isIn("tea"), isLive("tea")]).toEqual([false, false]);
    await expect(membership.check("tea")).rejects.toMatchObject({ code: "room_closed" });
  });

test("typing is sent to live connections, and to a slow one when it is live again", async () => {
  const { broker, socket, membership, isLive } = await inLobby();
  await broker.typing.set("lobby", "other", true);
  await settle();
  expect(socket.typists).toEqual([["w"]]);
  socket.isSlow = true;
  membership.slowDown();
  await broker.typing.set("lobby", "other", false);
  expect(socket.typists).toHaveLength(1);
  socket.drain();
  await expect.poll(() => isLive("lobby")).toBe(true);
  expect(socket.typists).toEqual([["w"], []]);
  expect(socket.seqs).toEqual([]);
});

test("a connection that turns slow before it is told that typing has ended is told when it is live again", async () => {
  const { broker, socket, membership, isLive } = await inLobby();
  await broker.typing.set("lobby", "other", true);
  await settle();
  await broker.typing.set("lobby", "other", false);
  socket.isSlow = true;
  membership.slowDown();
  await settle();
  expect(socket.typists).toEqual([["w"]]);
  socket.drain();
  await expect.poll(() => isLive("lobby")).toBe(true);
  expect(socket.typists).toEqual([["w"], []]);
});

test("a room closed during a join is delivered to its end and then unsubscribed", async () => {
  const { broker, socket, deliveries, membership } = opened();
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "w" });
  await broker.membership.enter({ room: "tea", connection: "other", visitor: "w", names: [claim("w")] });
  broker.feed.beforeFollowing = () => broker.rooms.close("tea", "other");
  const { answer, follow } = await membership.join({ room: "tea" });
  expect(answer.cursor.seq).toBe(2);
  follow();
  await expect.poll(() => deliveries.size).toBe(0);
  expect(socket.seqs).toEqual([3]);
});
