import pino from "pino";
import type { Entry } from "../../protocol/events";
import type { RoomSummary } from "../../server/broker/rooms";
import { ChatError } from "../../server/errors";
import { type Clock, systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { Activity } from "../../server/rooms/activity";
import { type IndexedRoom, RoomIndex } from "../../server/rooms/room-index";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";

/** An index of rooms that can be away, and records its calls. */
class ToldRoomIndex extends RoomIndex {
  readonly told: IndexedRoom[][] = [];
  /** Set while it is away: called before it refuses. */
  away: (() => void) | undefined;

  override async heard(rooms: readonly IndexedRoom[]) {
    this.away?.();
    if (this.away !== undefined) throw new ChatError("unavailable");
    this.told.push([...rooms]);
  }
}

const look = (id: string, more: Partial<RoomSummary> = {}): RoomSummary => ({
  id,
  title: id,
  kind: "public",
  createdAt: 1,
  closed: false,
  memberCount: 2,
  lastEntryAt: 9,
  repliedAt: 5,
  ...more,
});

function open(rooms: Record<string, Partial<RoomSummary>> = {}) {
  let run = () => {};
  const clock: Clock = {
    ...systemClock,
    every(_interval, what) {
      run = what;
      return () => {
        run = () => {};
      };
    },
  };
  const roomIndex = new ToldRoomIndex(new MemoryRecords(clock));
  const summaries = async (ids: readonly string[]) => ids.map((id) => look(id, rooms[id]));
  const broker = { rooms: { summaries } };
  const activity = new Activity({ broker, roomIndex, clock, logger: pino({ level: "silent" }) });
  const second = async () => {
    run();
    await settle();
  };
  return { roomIndex, activity, second };
}

const entries = (...times: number[]) => times.map((at, index) => ({ seq: index + 1, at }) as Entry);
const indexed = (room: string, more: Partial<IndexedRoom> = {}) => ({
  room,
  activeAt: 5,
  people: 2,
  ...more,
});

test("[C-8] the index learns once a second of each active room, with its state at that time", async () => {
  const { roomIndex, activity, second } = open({ coffee: { repliedAt: 7, memberCount: 0 } });
  activity.appended("tea", entries(1, 2));
  activity.appended("coffee", entries(3));
  activity.appended("tea", entries(4, 5));
  expect(roomIndex.told).toEqual([]);
  await second();
  await second();
  expect(roomIndex.told).toEqual([[indexed("tea"), indexed("coffee", { activeAt: 7, people: 0 })]]);
});

test("[C-8] the index never learns of the lobby, conversations of two, and rooms without a reply", async () => {
  const alone = { repliedAt: undefined } as unknown as Partial<RoomSummary>;
  const { roomIndex, activity, second } = open({
    alone,
    "post-hello": alone,
    closed: { closed: true },
  });
  for (const room of ["lobby", "direct-a", "alone", "closed", "post-hello"])
    activity.appended(room, entries(1));
  activity.appended("tea", []);
  await second();
  expect(roomIndex.told).toEqual([[indexed("post-hello", { activeAt: 9 })]]);
});

test("[C-8] a failed write to the index is repeated", async () => {
  const { roomIndex, activity, second } = open();
  activity.appended("tea", entries(1));
  roomIndex.away = () => activity.appended("coffee", entries(3));
  await second();
  roomIndex.away = undefined;
  await second();
  expect(roomIndex.told).toEqual([[indexed("tea"), indexed("coffee")]]);
});

test("[C-8] in a flood of rooms the index learns of the others a second later", async () => {
  const { roomIndex, activity, second } = open();
  for (let number = 0; number < 700; number += 1) activity.appended(`room-${number}`, entries(1));
  await second();
  await second();
  expect(roomIndex.told.map(({ length }) => length)).toEqual([500, 200]);
});

test("[C-8] closing writes the rest to the index, and nothing after it", async () => {
  const { roomIndex, activity, second } = open();
  activity.appended("tea", entries(1));
  await activity.close();
  expect(roomIndex.told).toEqual([[indexed("tea")]]);
  activity.appended("tea", entries(2));
  await second();
  expect(roomIndex.told).toHaveLength(1);
});
