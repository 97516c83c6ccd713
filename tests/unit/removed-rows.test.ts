import { MemoryBroker } from "../../server/broker/memory/broker";
import { ByteCount } from "../../server/lib/byte-count";
import { mapAt, valueAt } from "../../server/records/kinds";
import { MemoryRecords } from "../../server/records/memory/records";
import { draft, enter } from "../contract/observed-room";
import { MapJournal } from "../support/map-journal";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

function openRoom({ historyLimit = 100 } = {}) {
  const [journal, clock] = [new MapJournal(), new FakeClock()];
  const broker = new MemoryBroker({ historyLimit, historyDays: 30 }, clock, new ByteCount(), journal);
  return { journal, clock, broker };
}

function openRecords() {
  const [journal, clock] = [new MapJournal(), new FakeClock()];
  return { journal, clock, records: new MemoryRecords(clock, new ByteCount(), journal) };
}

const [hashes, code] = [mapAt("{ann}:hashes"), valueAt("{ann}:code")];

test("[ID-5] within an hour no file has removed and replaced texts of records", async () => {
  const { journal, records } = openRecords();
  await records.write([hashes.setField("ada", "hash 1"), hashes.setField("ben", "hash"), code.put("1")]);
  expect(journal.goneWithinHour.size).toBe(0);
  await records.write([hashes.setField("ada", "hash 2")]);
  expect([...journal.goneWithinHour]).toEqual(["f:{ann}:hashes\nada"]);
  await records.write([hashes.removeField("ben"), code.put("2")]);
  expect([...journal.goneWithinHour]).toEqual(["f:{ann}:hashes\nada", "f:{ann}:hashes\nben", "k:{ann}:code"]);
  await records.write([hashes.remove()]);
  expect(journal.goneWithinHour).toContain("k:{ann}:hashes");
  expect(journal.goneWithinDay.size).toBe(0);
});

test("[ID-5] within a day no file has a lapsed record: files are not merged for it every hour", async () => {
  const { journal, clock, records } = openRecords();
  await records.write([code.put("1", 1_000)]);
  clock.advance(1_000);
  expect(await records.read(code.value())).toEqual([undefined]);
  expect([...journal.goneWithinDay]).toEqual(["k:{ann}:code"]);
  expect(journal.goneWithinHour.size).toBe(0);
});

test("[ID-5] within an hour no file has the names of a forgotten visitor or the old title of a room", async () => {
  const { journal, broker } = openRoom();
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "o" });
  await enter(broker, "tea", "a", "a1", "Otter");
  await broker.feed.publish("tea", "a1", draft("said"));
  await broker.membership.leave("tea", "a1");
  expect(journal.goneWithinHour.size).toBe(0);
  const rows = [...journal.keysOf("n:"), ...journal.keysOf("h:")];
  expect(rows).toHaveLength(2);
  await broker.rooms.forget("tea", "a");
  expect([...journal.goneWithinHour]).toEqual(expect.arrayContaining(rows));
  await broker.rooms.retitle("tea", "Coffee");
  expect(journal.goneWithinHour).toContain(journal.keysOf("r:")[0]);
});

test("[C-2a] [ID-5] within an hour no file has a removed message, or those of a forgotten visitor", async () => {
  const { journal, broker } = openRoom();
  const say = async (visitor: string) =>
    (await broker.feed.publish("lobby", `${visitor}1`, draft("said"))).seq;
  for (const visitor of ["a", "b"]) await enter(broker, "lobby", visitor, `${visitor}1`);
  await say("a");
  const rows = () => journal.keysOf("e:");
  const before = rows();
  await broker.feed.remove("lobby", "a1", await say("a"));
  const [removed] = rows().filter((key) => !before.includes(key));
  expect([...journal.goneWithinHour].filter((key) => key.startsWith("e:"))).toEqual([removed]);
  const known = rows();
  await say("b");
  const forgotten = rows().filter((key) => !known.includes(key));
  await broker.rooms.forget("lobby", "b");
  expect([...journal.goneWithinHour]).toEqual(expect.arrayContaining(forgotten));
  expect(journal.goneWithinHour, "other messages stay").not.toContain(before.at(-1));
});

test("[C-8] within an hour no file has the messages of a closed and expired room", async () => {
  const { journal, broker, clock } = openRoom();
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "a" });
  await enter(broker, "tea", "a", "a1", "Otter");
  await broker.feed.publish("tea", "a1", draft("said"));
  await broker.rooms.close("tea", "a1");
  const rows = [...journal.keysOf("e:"), ...journal.keysOf("n:"), ...journal.keysOf("r:")];
  clock.advance(2 * 3_600_000);
  expect(journal.keysOf("")).toEqual([]);
  expect([...journal.goneWithinHour]).toEqual(expect.arrayContaining(rows));
});

test("[ID-5] within a day no file has messages that gave way to newer ones", async () => {
  const { journal, broker } = openRoom({ historyLimit: 2 });
  await enter(broker, "lobby", "a", "a1", "Otter");
  for (let number = 0; number < 4; number += 1) await broker.feed.publish("lobby", "a1", draft(`${number}`));
  expect([...journal.goneWithinDay].length).toBeGreaterThan(1);
  expect(journal.goneWithinHour.size).toBe(0);
});
