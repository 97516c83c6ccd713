import { randomUUID } from "node:crypto";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { MemoryBroker } from "../server/broker/memory/broker";
import { ByteCount } from "../server/lib/byte-count";
import { systemClock } from "../server/lib/clock";
import { closeJournals, openJournal } from "../tests/support/journals";
import { cpuOf } from "../tests/support/processes";
import { Replica } from "../tests/support/replica";
import { makeFolder } from "../tests/support/temporary-folder";
import { connectVisitor, type WireVisitor } from "../tests/support/wire-visitor";
import { median } from "./latencies";
import { positiveOptions } from "./positive-options";

/**
 * What it costs to keep everything in a folder: `npm run build && npm run bench:store`. A process that keeps nothing and
 * one with a folder take the same sends in turns; the store alone takes as many as it can; and a process starts with
 * a folder of many full rooms. Exits with 1 when a goal is missed. Options: `--writers 100 --sends 6000 --rounds 5
 * --rooms 200 --entries 10000`.
 */

/** How much more CPU a send may cost than without a folder. */
const mostRatio = 1.2;
const leastPerSecond = 5_000;
/** Of a start, beside what the same process takes without a folder. */
const mostExtraMs = 1_000;

const { writers, sends, rounds, rooms, entries } = positiveOptions({
  writers: 100,
  sends: 6_000,
  rounds: 5,
  rooms: 200,
  entries: 10_000,
});
const settings = { RATE_LIMITS: "off", STORE_BYTES: "8000000000", LOG_LEVEL: "warn" };
const text = "Eighty letters are a sentence that a visitor might well say to the others in here.";

/** A process, and visitors in rooms of two, of whom each writes as soon as its last message is acknowledged. */
class Talk {
  readonly cpuUs: number[] = [];
  readonly perSecond: number[] = [];

  private constructor(
    private readonly replica: Replica,
    private readonly visitors: readonly { visitor: WireVisitor; room: string }[],
  ) {}

  static async begin(dataDir: string): Promise<Talk> {
    const replica = await Replica.start({ ...settings, DATA_DIR: dataDir });
    const visitors: { visitor: WireVisitor; room: string }[] = [];
    let room = "";
    for (let number = 0; number < writers; number += 1) {
      const visitor = await connectVisitor({ url: replica.url });
      if (number % 2 === 0) room = (await visitor.must("room:create", { title: randomUUID() })).room.id;
      await visitor.join(room);
      visitors.push({ visitor, room });
    }
    return new Talk(replica, visitors);
  }

  async round(count: number): Promise<void> {
    const [cpu, startedAt] = [cpuOf(this.replica.pid), performance.now()];
    let left = count;
    const write = async ({ visitor, room }: { visitor: WireVisitor; room: string }) => {
      while (left > 0) {
        left -= 1;
        await visitor.must("message:send", { room, clientMessageId: randomUUID(), text });
      }
    };
    await Promise.all(this.visitors.map(write));
    this.cpuUs.push(((cpuOf(this.replica.pid) - cpu) * 1_000) / count);
    this.perSecond.push((count * 1_000) / (performance.now() - startedAt));
    for (const { visitor, room } of this.visitors) visitor.log(room).entries.splice(0);
  }

  async end(): Promise<void> {
    for (const { visitor } of this.visitors) visitor.socket.disconnect();
    await this.replica.kill();
  }
}

const limits = { historyLimit: entries, historyDays: 30, historyBytes: 1e9 };

async function compareSends(): Promise<boolean> {
  const talks = { none: await Talk.begin("none"), folder: await Talk.begin(await makeFolder("bench")) };
  for (const talk of Object.values(talks)) await talk.round(sends);
  for (const talk of Object.values(talks))
    for (const figures of [talk.cpuUs, talk.perSecond]) figures.splice(0);
  for (let round = 0; round < rounds; round += 1)
    for (const talk of Object.values(talks)) await talk.round(sends);
  const [none, folder] = [median(talks.none.cpuUs), median(talks.folder.cpuUs)];
  const rates = Object.values(talks).map(({ perSecond }) => Math.round(median(perSecond)));
  console.log(
    `CPU of a send: ${none.toFixed(0)} µs without, ${folder.toFixed(0)} µs with a folder: ${(folder / none).toFixed(2)} times`,
  );
  console.log(
    `sends a second of ${writers} clients, each after its last ack: ${rates.join(" without, ")} with a folder`,
  );
  for (const talk of Object.values(talks)) await talk.end();
  return folder / none <= mostRatio;
}

/** The store alone, without connections: as many sends as are acknowledged, of so many writers at once. */
async function countAcks(): Promise<boolean> {
  const broker = new MemoryBroker(limits, systemClock, new ByteCount(), await openJournal());
  await broker.membership.enter({
    room: "lobby",
    visitor: "a",
    connection: "a",
    names: [{ name: "a", skeleton: "a" }],
  });
  let left = 20 * sends;
  const startedAt = performance.now();
  const write = async () => {
    for (; left > 0; left -= 1)
      await broker.feed.publish("lobby", "a", { clientMessageId: randomUUID(), text });
  };
  await Promise.all(Array.from({ length: 2 * writers }, write));
  const perSecond = (20 * sends * 1_000) / (performance.now() - startedAt);
  console.log(`acknowledged by the store alone: ${perSecond.toFixed(0)} a second`);
  await broker.close();
  await closeJournals();
  return perSecond >= leastPerSecond;
}

/** A folder with so many full rooms: copies of one. */
async function fillFolder(): Promise<string> {
  const folder = await makeFolder("bench");
  const broker = new MemoryBroker(limits, systemClock, new ByteCount(), await openJournal(folder));
  await broker.rooms.create({ id: "room-1", title: "Room 1", kind: "public" });
  const names = [{ name: "a", skeleton: "a" }];
  await broker.membership.enter({ room: "room-1", visitor: "a", connection: "a", names });
  const said = Array.from({ length: entries }, () => ({ clientMessageId: randomUUID(), text }));
  await Promise.all(said.map((draft) => broker.feed.publish("room-1", "a", draft)));
  await broker.close();
  await closeJournals();
  const file = new ClassicLevel(path.join(folder, "store"));
  const rows: [string, string][] = [];
  for await (const row of file.iterator({ gte: "e:", lt: "s" })) if (/^[er]:/.test(row[0])) rows.push(row);
  for (let number = 2; number <= rooms; number += 1) {
    const digits = number.toString(36).padStart(6, "0");
    await file.batch(
      rows.map(([key, value]) => ({
        type: "put" as const,
        key: key.slice(0, 2) + digits + key.slice(8),
        value: key.startsWith("r:") ? value.replaceAll("room-1", `room-${number}`) : value,
      })),
    );
  }
  await file.close();
  return folder;
}

async function startMs(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const replica = await Replica.start({ ...settings, DATA_DIR: dataDir });
  const took = performance.now() - startedAt;
  if (dataDir !== "none") {
    const visitor = await connectVisitor({ url: replica.url });
    const joiningAt = performance.now();
    await visitor.join(`room-${rooms}`);
    console.log(`the first join of a full room: ${(performance.now() - joiningAt).toFixed(0)} ms`);
    visitor.socket.disconnect();
  }
  await replica.kill();
  return took;
}

async function compareStarts(): Promise<boolean> {
  const folder = await fillFolder();
  const [none, full] = [await startMs("none"), await startMs(folder)];
  console.log(
    `start: ${none.toFixed(0)} ms without a folder, ${full.toFixed(0)} ms with ${rooms} rooms of ${entries} entries`,
  );
  return full - none < mostExtraMs;
}

const goals = [await countAcks(), await compareStarts(), await compareSends()];
process.exitCode = goals.every(Boolean) ? 0 : 1;
