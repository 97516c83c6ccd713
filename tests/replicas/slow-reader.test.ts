import { expect, test } from "../support/fixtures";
import { RawClient } from "../support/raw-client";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const mebibyte = 1024 * 1024;
/** Nearly the largest text that is allowed: 600 characters of 25 bytes. */
const bulk = "👩‍👩‍👧‍👦".repeat(600);
/** 21 MB: far more than any kernel buffers for a connection that is not read. */
const mostMessages = 1_400;
const underWay = 50;
/** Batches to send once the server holds back: as much again as it may keep. */
const batchesBeyond = 3;

/** A client that does not read is given up 14 s after a ping, so it must become slow in far less: the guard takes half of the time. */
const heavyTalk = { HISTORY_BYTES: "100000000", RATE_LIMITS: "off", GUARD: "off" };

const heavyTexts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, place) => `${from + place} ${bulk}`);

async function sayAll(speaker: WireVisitor, room: string, texts: string[]): Promise<void> {
  for (let first = 0; first < texts.length; first += underWay)
    await Promise.all(texts.slice(first, first + underWay).map((text) => speaker.say(room, text)));
}

const slowCount = (replica: Replica) => replica.metric("madang_slow_connections");
const closedCount = (replica: Replica) => replica.metric("madang_slow_connections_closed_total");

/** Speaks in the rooms in turn until the replica's one reader is slow, and a little longer; resolves with each room's texts. */
async function sayUntilSlow(speaker: WireVisitor, replica: Replica, rooms: string[]): Promise<string[]> {
  const texts: string[] = [];
  const share = underWay / rooms.length;
  for (let beyond = 0; beyond < batchesBeyond && texts.length < mostMessages; ) {
    const batch = heavyTexts(share, texts.length);
    await Promise.all(rooms.map((room) => sayAll(speaker, room, batch)));
    texts.push(...batch);
    if (beyond > 0 || (await slowCount(replica)) === 1) beyond += 1;
  }
  expect(await slowCount(replica)).toBe(1);
  return texts;
}

/** Expects that the visitor has everything once and in order, over its one connection, and gets live events again. */
async function expectWhole(visitor: WireVisitor, room: string, texts: string[]): Promise<void> {
  await visitor.waitFor("the last message", () => visitor.log(room).texts.length >= texts.length);
  const { faults, gaps } = visitor.log(room);
  expect({ faults, gaps }).toEqual({ faults: [], gaps: [] });
  expect(visitor.log(room).texts.map((text) => text.slice(0, 9))).toEqual(
    texts.map((text) => text.slice(0, 9)),
  );
  expect(visitor.events.filter(({ name }) => name === "session:started")).toHaveLength(1);
}

async function lobbyOf(url: string, connect: (options: { url: string }) => Promise<WireVisitor>) {
  const [speaker, other, reader] = await Promise.all([connect({ url }), connect({ url }), connect({ url })]);
  for (const visitor of [speaker, other, reader]) await visitor.join("lobby");
  return { speaker, other, reader };
}

test("[W-7] a member that stops reading while more is sent than any buffer holds gets all of it when it reads again, and then live events", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica(heavyTalk);
  const { speaker, other, reader } = await lobbyOf(replica.url, connect);
  await reader.stopReading();
  const texts = await sayUntilSlow(speaker, replica, ["lobby"]);
  expect(await replica.metric("madang_unsent_bytes")).toBeLessThan(mebibyte);
  await expectWhole(other, "lobby", texts);

  reader.readOn();
  await expectWhole(reader, "lobby", texts);
  await until("the reader is live", async () => (await slowCount(replica)) === 0);
  await speaker.say("lobby", "afterwards");
  await expectWhole(reader, "lobby", [...texts, "afterwards"]);
  expect(await closedCount(replica)).toBe(0);
});

test("[W-7] a connection that never reads is closed even if it answers pings; others get every message", async ({
  startReplica,
  connect,
}) => {
  test.setTimeout(120_000);
  const replica = await startReplica(heavyTalk);
  const { speaker, other } = await lobbyOf(replica.url, connect);
  const hostile = await RawClient.join(replica.url, "lobby");
  hostile.stopReading();
  const texts = await sayUntilSlow(speaker, replica, ["lobby"]);
  let most = 0;
  const isClosed = async () => {
    most = Math.max(most, await replica.metric("madang_unsent_bytes"));
    return (await closedCount(replica)) === 1;
  };
  await until("the server closes it", isClosed, 60_000);
  expect(most).toBeGreaterThan(mebibyte / 4);
  expect(most).toBeLessThan(mebibyte);
  // A graceful close would wait for half a minute behind the stuck bytes.
  await until("the server lets go of it", () => hostile.isGone);
  expect(await replica.metric("madang_unsent_bytes")).toBe(0);
  expect(await replica.metric("madang_connections")).toBe(3);
  await expectWhole(other, "lobby", texts);
  await expectWhole(speaker, "lobby", texts);
  hostile.close();
});

test("[W-7] [W-8a] a connection that keeps asking and reads no answer is closed at once", async ({
  startReplica,
  connect,
}) => {
  const generous = await startReplica(heavyTalk);
  const speaker = await connect({ url: generous.url });
  await speaker.join("lobby");
  await sayAll(speaker, "lobby", heavyTexts(20));
  const replica = await startReplica();
  const hostile = await RawClient.join(replica.url, "lobby");
  hostile.stopReading();
  const ask = () => hostile.command("history:read", { room: "lobby", limit: 200 });
  for (let count = 0; count < 200; count += 1) ask();
  await until("it is slow", async () => (await slowCount(replica)) === 1);
  for (let count = 0; count < 12_000; count += 1) ask();
  // The replica closes it as a flood, long before it would for not reading.
  const floods = () => replica.metric("madang_flood_connections_closed_total");
  await until("the server closes it", async () => (await floods()) === 1);
  await until("and lets go of it", () => hostile.isGone);
  expect(await replica.metric("madang_unsent_bytes")).toBe(0);
  hostile.close();
});

test("[W-2] [W-7] a replica ends in time although a client sends many commands and reads nothing", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ ...heavyTalk, DRAIN_MS: "100" });
  const speaker = await connect({ url: replica.url });
  await speaker.join("lobby");
  await sayAll(speaker, "lobby", heavyTexts(20));
  const hostile = await RawClient.join(replica.url, "lobby");
  hostile.stopReading();
  for (let count = 0; count < 200; count += 1) hostile.command("history:read", { room: "lobby", limit: 200 });
  await until("it is slow", async () => (await slowCount(replica)) === 1);
  expect(await replica.stop()).toEqual({ code: 0, signal: null });
  hostile.close();
});

test("[W-7] answers wait for a client that does not read, and all come in order when it reads again", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica(heavyTalk);
  const { speaker, reader } = await lobbyOf(replica.url, connect);
  await sayAll(speaker, "lobby", heavyTexts(20));
  const { seq } = await speaker.say("lobby", "the last");
  await reader.entry("lobby", (entry) => entry.seq === seq);
  await reader.stopReading();
  const order: number[] = [];
  const answers = Array.from({ length: 500 }, async (_, number) => {
    const { entries, more } = await reader.must("history:read", { room: "lobby", limit: 200 });
    order.push(number);
    return [entries.length, entries.at(-1)?.seq, more];
  });
  await until("it is slow", async () => (await slowCount(replica)) === 1);
  expect(await replica.metric("madang_unsent_bytes")).toBeLessThan(mebibyte);
  const { seq: later } = await speaker.say("lobby", "said meanwhile");

  reader.readOn();
  const [first] = await Promise.all(answers);
  // The page ends at 128 KiB, although there are more entries.
  expect(first).toEqual([9, seq, true]);
  for (const answer of await Promise.all(answers)) expect([seq, later]).toContain(answer[1]);
  expect(order).toEqual(order.map((_, place) => place));
  await reader.entry("lobby", (entry) => entry.seq === later);
  expect(reader.log("lobby").faults).toEqual([]);
  expect(await closedCount(replica)).toBe(0);
});

test("[W-7] [C-1] a slow link carries all missed entries, and the connection is not closed for being slow", async ({
  startReplica,
  startFront,
  connect,
}) => {
  const replica = await startReplica(heavyTalk);
  const speaker = await connect({ url: replica.url });
  const { cursor } = await speaker.join("lobby");
  // The link needs 20 s for these. A heartbeat may not take that long, so it must not queue behind them.
  const texts = heavyTexts(mostMessages / 2);
  await sayAll(speaker, "lobby", texts);
  const front = await startFront([replica.port]);
  front.bytesPerSecond = mebibyte / 2;
  const reader = await connect({ url: front.url });
  // Pretend that the reader was here before the messages.
  reader.log("lobby").join(false, [], cursor, undefined);
  await reader.join("lobby", cursor);
  let most = 0;
  const isThere = async () => {
    most = Math.max(most, await replica.metric("madang_unsent_bytes"));
    return reader.log("lobby").texts.length === texts.length;
  };
  await until("all of it", isThere, 45_000);
  await expectWhole(reader, "lobby", texts);
  expect(most).toBeLessThan(mebibyte / 4);
  expect(await closedCount(replica)).toBe(0);
});

test("[W-7] a slow reader stops getting live events in all its rooms at once, and misses nothing in any", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, heavyTalk)) as [Replica, Replica];
  const speaker = await connect({ url: other.url });
  const rooms = ["lobby"];
  for (const title of ["Tea", "Rain", "Night"])
    rooms.push((await speaker.must("room:create", { title })).room.id);
  const reader = await connect({ url: one.url });
  for (const visitor of [speaker, reader]) for (const room of rooms) await visitor.join(room);
  await reader.stopReading();
  const texts = await sayUntilSlow(speaker, one, rooms);
  expect(await one.metric("madang_unsent_bytes")).toBeLessThan(mebibyte / 2);

  reader.readOn();
  for (const room of rooms) await expectWhole(reader, room, texts);
  for (const room of rooms) await speaker.say(room, "afterwards");
  for (const room of rooms) await expectWhole(reader, room, [...texts, "afterwards"]);
});
