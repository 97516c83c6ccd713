import pino from "pino";
import type { Accounts } from "../../server/accounts/accounts";
import { Forgetting } from "../../server/accounts/forgetting";
import type { Sessions } from "../../server/accounts/sessions";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Broker } from "../../server/broker/broker";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { ConversationIndex } from "../../server/direct/conversation-index";
import type { Conversations } from "../../server/direct/conversations";
import { ChatError } from "../../server/errors";
import { systemClock } from "../../server/lib/clock";
import { WrittenMessages } from "../../server/limits/written-messages";
import { MemoryRecords } from "../../server/records/memory/records";
import { RoomIndex } from "../../server/rooms/room-index";
import { HandClock } from "../contract/hand-clock";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

const lookMs = 5_000;
const session = { visitor: "somebody", generation: 0 };

/** Records the steps, and fails where the test says so. */
async function setUp() {
  const clock = new HandClock();
  const visitedRooms = new VisitedRooms(new MemoryRecords(clock));
  for (const room of ["lobby", "tea"]) await visitedRooms.visited(session.visitor, room);
  const roomIndex = new RoomIndex(new MemoryRecords(clock));
  const done: string[] = [];
  const faults = new Map<string, ChatError>();
  const step = async (name: string): Promise<void> => {
    const fault = faults.get(name);
    if (fault) throw fault;
    done.push(name);
  };
  const broker = { rooms: { forget: (room: string) => step(room) } } as unknown as Broker;
  const accounts = {
    forget: () => step("tokens").then(() => ({ ...session, generation: 1 })),
    canReturn: async () => faults.has("account"),
  } as unknown as Accounts;
  const conversationIndex = new ConversationIndex(new MemoryRecords(clock), { historyDays: 30 });
  await conversationIndex.settings.refuse(session.visitor, true);
  const sessions = {
    check: () => (faults.has("ended") ? Promise.reject(faults.get("ended")) : Promise.resolve()),
  };
  const written = new WrittenMessages(new MemoryRecords(systemClock));
  await written.add(session.visitor, "lobby 1", 60_000);
  const told: string[] = [];
  const conversations = { messageRemoved: async (room: string) => void told.push(room) };
  const logger = pino({ level: "silent" });
  const forgetting = new Forgetting({
    broker,
    visitedRooms,
    roomIndex,
    conversationIndex,
    accounts,
    sessions: sessions as unknown as Sessions,
    conversations: conversations as unknown as Conversations,
    written,
    clock,
    logger,
  });
  /** Makes the forgetting due, and lets a replica take it. */
  const lookLater = () => {
    clock.skip(61_000);
    clock.tick(lookMs);
  };
  return {
    clock,
    roomIndex,
    visitedRooms,
    conversationIndex,
    written,
    done,
    told,
    faults,
    forgetting,
    lookLater,
  };
}

test("[ID-5] forgetting first empties all rooms, then ends the tokens, and repeats both once other devices are closed", async () => {
  const { done, told, faults, forgetting, lookLater, visitedRooms, conversationIndex, written } =
    await setUp();
  expect(await forgetting.forget(session)).toEqual({ ...session, generation: 1 });
  expect(done).toEqual(["lobby", "tea", "tokens"]);
  expect(told, "whose unread counts may have fallen").toEqual(["lobby", "tea"]);
  expect((await conversationIndex.settings.read(session.visitor)).refusesNew).toBe(false);
  expect(await written.count(session.visitor)).toBe(0);
  await visitedRooms.visited(session.visitor, "late");
  faults.set("tokens", new ChatError("invalid_token"));
  lookLater();
  await until("the second time", () => done.length === 6);
  expect(done.slice(3)).toEqual(["lobby", "tea", "late"]);
  await until("its end", async () => (await visitedRooms.roomsOf(session.visitor)).length === 0);
  lookLater();
  expect(done).toHaveLength(6);
});

test("[ID-5] a forgetting that the store did not take is done when it is back", async () => {
  const { done, faults, forgetting, lookLater, visitedRooms } = await setUp();
  faults.set("tea", new ChatError("unavailable"));
  await expect(forgetting.forget(session)).rejects.toMatchObject({ code: "unavailable" });
  expect(done, "it is still the same visitor, and may ask again").toEqual(["lobby"]);
  lookLater();
  await until("another try", () => done.length === 3);
  faults.clear();
  lookLater();
  await until("all of it", () => done.length === 6);
  expect(done.slice(3)).toEqual(["tokens", "lobby", "tea"]);
  await until("its end", async () => (await visitedRooms.roomsOf(session.visitor)).length === 0);
});

test("[ID-5] a missing or closed room does not stop the forgetting", async () => {
  const { done, faults, forgetting } = await setUp();
  faults.set("lobby", new ChatError("room_closed"));
  faults.set("tea", new ChatError("room_not_found"));
  await forgetting.forget(session);
  expect(done).toEqual(["tokens"]);
});

test("[ID-5] a visitor whose tokens were ended cannot erase anything, and leaves no task", async () => {
  const { done, faults, forgetting, lookLater, visitedRooms } = await setUp();
  faults.set("ended", new ChatError("invalid_token"));
  await expect(forgetting.forget(session)).rejects.toMatchObject({ code: "invalid_token" });
  lookLater();
  expect(await visitedRooms.takeForgetting()).toEqual([]);
  expect(done).toEqual([]);
});

test("[ID-5] the second round spares a visitor that logged out meanwhile and can log in again", async () => {
  const { done, faults, forgetting, lookLater, visitedRooms } = await setUp();
  await forgetting.forget(session);
  for (const fault of ["tokens", "account"]) faults.set(fault, new ChatError("invalid_token"));
  lookLater();
  await until(
    "the end of the forgetting",
    async () => (await visitedRooms.roomsOf(session.visitor)).length === 0,
  );
  expect(done).toEqual(["lobby", "tea", "tokens"]);
});

test("[ID-5] rooms that the visitor made, and conversations in which others wrote to it, are emptied, too", async () => {
  const { done, roomIndex, conversationIndex, forgetting } = await setUp();
  const [one, other] = ["somebody-1234567", "other-1234567890"];
  const quota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 10_000 };
  await roomIndex.slots.reserve(one, "mine", quota);
  await conversationIndex.messageSent(one, other, 5);
  await forgetting.forget({ visitor: one, generation: 0 });
  expect(done).toEqual(["mine", directRoomOf(one, other), "tokens"]);
  expect(await roomIndex.slots.roomsOf(one)).toEqual([]);
  expect(await conversationIndex.listedPartners(one)).toEqual([]);
});
