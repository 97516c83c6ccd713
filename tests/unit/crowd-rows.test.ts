import { crowdNoticeMs, noticeRate } from "../../server/broker/membership";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { dumpRooms } from "../../server/broker/memory/room-dump";
import type { RoomRow } from "../../server/broker/memory/saved-room";
import type { RowSource } from "../../server/journal/row-source";
import { ByteCount } from "../../server/lib/byte-count";
import { draft, enter } from "../contract/observed-room";
import { MapJournal } from "../support/map-journal";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const { burst } = noticeRate;

function open(journal: MapJournal) {
  const clock = new FakeClock();
  const broker = new MemoryBroker({ historyLimit: 100, historyDays: 30 }, clock, new ByteCount(), journal);
  return { clock, journal, broker };
}

/** The rows of a process after this many visitors joined a room at once. `before`: the room's row before the crowd notice. */
async function crowdOf(members: number) {
  const { broker, clock, journal } = open(new MapJournal());
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public" });
  for (let number = 1; number <= members; number += 1)
    await enter(broker, "tea", `visitor-${number}`, `connection-${number}`);
  const before = rowIn(journal);
  clock.advance(crowdNoticeMs);
  await broker.feed.publish("tea", "connection-1", draft("so many"));
  return { before, journal: journal.next() };
}

const rowIn = (journal: MapJournal): string => journal.next().takeRows("r:")[0]?.[1] ?? "";

/** The same rows as an earlier version wrote them. */
function older(journal: MapJournal): MapJournal {
  const rows = journal.next().takeRows("");
  const joins: string[] = [];
  const changed = rows.map(([key, text]): [string, string] => {
    if (!key.startsWith("m:")) return [key, text];
    const { isJoinCounted, ...member } = JSON.parse(text);
    if (isJoinCounted) joins.push(member.id);
    return [key, JSON.stringify(member)];
  });
  const ofRoom = changed.findIndex(([key]) => key.startsWith("r:"));
  const [key = "", text = ""] = changed[ofRoom] ?? [];
  const row: RoomRow = { ...JSON.parse(text), crowd: { joined: 0, left: 0, gone: [], joins } };
  return new MapJournal(changed.with(ofRoom, [key, JSON.stringify(row)]));
}

async function dumpedRoom(journal: MapJournal): Promise<unknown> {
  const rows = journal.next();
  const source: RowSource = {
    mayLackChanges: false,
    row: async (key) => rows.read(key),
    async *rows(prefix) {
      yield* rows.takeRows(prefix);
    },
  };
  for await (const line of dumpRooms(source)) return line;
}

test("[F-4] a room's row, which each message writes, is as small in a crowd of a thousand as in one of a hundred", async () => {
  const [hundred, thousand] = [await crowdOf(100), await crowdOf(1_000)];
  expect(rowIn(thousand.journal).length - rowIn(hundred.journal).length).toBeLessThan(20);
});

test("[F-4] an earlier version can read a room's row while a crowd is counted", async () => {
  const { before } = await crowdOf(burst + 3);
  expect((JSON.parse(before) as RoomRow).crowd).toEqual({ joined: 3, left: 0, gone: [], joins: [] });
});

for (const [version, rowsOf] of [
  ["this", (journal: MapJournal) => journal.next()],
  ["an earlier", older],
] as const)
  test(`[F-4] [N-3] rows of ${version} version: later processes count the leave of a member whose join was only counted`, async () => {
    const { journal } = await crowdOf(burst + 3);
    const rows = rowsOf(journal);
    const line = { room: { countedJoins: [1, 2, 3].map((late) => `visitor-${burst + late}`) } };
    expect(await dumpedRoom(rows)).toMatchObject(line);
    const second = open(rows);
    await enter(second.broker, "tea", "visitor-1", "again");
    const { broker, clock } = open(second.journal.next());
    const leave = async (visitor: string) => {
      await enter(broker, "tea", visitor, visitor);
      await broker.membership.leave("tea", visitor);
      clock.advance(crowdNoticeMs);
      return (await broker.feed.read("tea", { limit: 1 })).entries[0];
    };
    expect(await leave("visitor-2")).toMatchObject({ kind: "leave" });
    const late = `visitor-${burst + 2}`;
    expect(await leave(late)).toMatchObject({ kind: "visits", left: 1, gone: [late] });
    expect(await dumpedRoom(second.journal)).toMatchObject(line);
  });
