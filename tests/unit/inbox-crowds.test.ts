import pino from "pino";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { Inboxes } from "../../server/direct/inboxes";
import { MemoryOnlineVisitors } from "../../server/direct/memory/online-visitors";
import { SharedRooms } from "../../server/direct/shared-rooms";
import { MemoryRecords } from "../../server/records/memory/records";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";
import { settle } from "./fake-environment";

/** What a replica with many visitors asks the store at once. */

const compareMs = 5_000;
const crowd = 450;
const visitorOf = (index: number) => `visitor-${String(index).padStart(8, "0")}`;
const logger = pino({ level: "silent" });

/** Visitors with a conversation each, all here and read; then the numbers of visitors that the store is asked about. */
async function open() {
  const clock = new FakeClock();
  const records = new MemoryRecords(clock);
  const broker = new MemoryBroker({ historyLimit: 100, historyDays: 30 }, clock);
  const conversationIndex = new ConversationIndex(records, { historyDays: 30 });
  const onlineVisitors = new MemoryOnlineVisitors();
  let returned: () => void = () => undefined;
  onlineVisitors.onReturn = (listener?: () => void) => {
    returned = listener ?? returned;
  };
  const sharedRooms = new SharedRooms({ broker, visitedRooms: new VisitedRooms(records) });
  const inboxes = new Inboxes({ broker, conversationIndex, onlineVisitors, sharedRooms, clock, logger });
  for (let index = 0; index < crowd; index += 1) {
    const [visitor, partner] = [visitorOf(index), `partner-${String(index).padStart(8, "0")}`];
    const id = directRoomOf(visitor, partner);
    await broker.rooms.create({ id, title: "", kind: "direct", askedBy: visitor, sharedRoom: "" });
    await conversationIndex.messageSent(visitor, partner, clock.now());
    inboxes.arrive(visitor, { conversationChanged: () => undefined, presenceChanged: () => undefined });
  }
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
    await settle();
  };
  // The first question for visitors with new conversations reads all.
  await pass(500);

  const asked = { versions: [] as number[], presences: [] as number[], reviewed: 0, mostReviewed: 0 };
  const { versions, list } = conversationIndex;
  conversationIndex.versions = (visitors) => {
    asked.versions.push(visitors.length);
    return versions.call(conversationIndex, visitors);
  };
  let reading = 0;
  conversationIndex.list = async (...args) => {
    asked.reviewed += 1;
    reading += 1;
    asked.mostReviewed = Math.max(asked.mostReviewed, reading);
    try {
      return await list.apply(conversationIndex, args);
    } finally {
      reading -= 1;
    }
  };
  const { areOnline } = onlineVisitors;
  onlineVisitors.areOnline = (visitors) => {
    if (visitors.length > 1) asked.presences.push(visitors.length);
    return areOnline.call(onlineVisitors, visitors);
  };
  return { inboxes, asked, pass, returns: () => returned() };
}

test("[DM-10] the versions and presences of many inboxes are compared in parts, all within the interval", async () => {
  const { inboxes, asked, pass } = await open();
  await pass(compareMs - 500);
  expect([asked.versions, asked.presences]).toEqual([[200], [200]]);
  await pass(compareMs / 3 + 1);
  await pass(compareMs / 3 + 1);
  expect([asked.versions, asked.presences]).toEqual([
    [200, 200, 50],
    [200, 200, 50],
  ]);
  expect(asked.reviewed).toBe(0);
  inboxes.close();
});

test("[DM-10] when the store returns all inboxes are read, a part of them at a time", async () => {
  const { inboxes, asked, returns } = await open();
  returns();
  returns();
  await settle();
  for (let turn = 0; turn < 20; turn += 1) await settle();
  expect(asked.mostReviewed).toBe(200);
  expect(asked.reviewed, "those read already again, for the second return").toBeGreaterThanOrEqual(crowd);
  inboxes.close();
});
