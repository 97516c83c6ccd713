import { setImmediate as nextTurn } from "node:timers/promises";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ChatError } from "../../server/errors";
import type { CommandCaller } from "../../server/gateway/commands/command";
import { messageCommands } from "../../server/gateway/commands/message-commands";
import type { Services } from "../../server/gateway/services";
import { systemClock } from "../../server/lib/clock";
import { RateLimit } from "../../server/limits/rate-limit";
import { catchNotes } from "../../server/moderation/catch-notes";
import { Catches } from "../../server/moderation/catches";
import { MemoryRecords } from "../../server/records/memory/records";
import { enter } from "../contract/observed-room";
import { home, noBudget } from "../support/no-budget";
import { expect, test } from "../support/plain-test";
import { roomsOver } from "./rooms-over";

const unanswered = () => new Promise<void>(() => undefined);

/** A replica whose store works in order, and answers writes of report notes only when the test says so. */
async function openReplica({ isStoreAnswering = false, addCaught = unanswered, mayBeIn = true } = {}) {
  const steps: string[] = [];
  const records = new MemoryRecords(systemClock);
  const write = records.write.bind(records);
  records.write = (writes, options) => {
    steps.push(...writes.map((each) => each.write));
    return isStoreAnswering ? write(writes, options) : new Promise(() => undefined);
  };
  const broker = new MemoryBroker({ historyLimit: 100, historyDays: 30 }, systemClock);
  const publish = broker.feed.publish.bind(broker.feed);
  broker.feed.publish = (...args) => {
    steps.push("publish");
    return publish(...args);
  };
  const reports = {
    addCaught() {
      steps.push("report");
      return addCaught();
    },
  };
  const catches = new Catches({
    ...{ records, broker, reports },
    clock: { ...systemClock, every: () => () => undefined },
    logger: { debug: () => undefined } as never,
  });
  const unlimited = new RateLimit(undefined);
  const paces = { messages: unlimited, joins: unlimited, creations: unlimited, renames: unlimited };
  const services = {
    rooms: roomsOver(broker, { ...paces, typing: unlimited, networks: noBudget }),
    conversations: {
      checkMaySpeak: async () => ({ isOwnRequest: false }),
      messageSent: async () => undefined,
    },
    counting: { counting: () => () => undefined },
    moderation: {
      catches,
      guard: { judge: async (_: unknown, text: string) => (text === "a slur" ? ["word"] : undefined) },
      rules: { check: async () => undefined, slowMs: () => undefined },
      isShadowed: () => false,
    },
  } as unknown as Services;
  await enter(broker, "lobby", "otter", "one");
  const caller = {
    ...{ visitor: { id: "otter" }, network: home, connection: "one", locale: "en" },
    membership: { mayBeIn: () => mayBeIn },
  } as unknown as CommandCaller;
  const send = (text: string, clientMessageId: string) =>
    messageCommands["message:send"].carryOut(services, caller, { room: "lobby", clientMessageId, text });
  const notes = async () => (await records.read(catchNotes.length()))[0];
  return { send, steps, catches, broker, notes };
}

test("[O-7] a message that the guard withholds is answered like any other, while its report waits for the store", async () => {
  const { send, steps, catches } = await openReplica();
  const plain = await send("hello", "message-1");
  expect(steps).toEqual(["publish"]);
  const caught = await send("a slur", "message-2");
  expect(steps.slice(1), "noted before it is stored, reported after the answer").toEqual([
    "stamp",
    "keepHighest",
    "publish",
  ]);
  expect(Object.keys(caught.answer)).toEqual(Object.keys(plain.answer));
  expect(catches.has("otter"), "its author gets its own view at once").toBe(true);
  caught.afterwards?.();
  await expect.poll(() => steps.at(-1)).toBe("report");
});

test("[O-7] in a withheld flood one report begins per turn of the event loop, after the last one is written", async () => {
  const turns: number[] = [];
  let [turn, running, most] = [0, 0, 0];
  const addCaught = async () => {
    turns.push(turn);
    running += 1;
    most = Math.max(most, running);
    // A store in memory answers within the turn; every other one later.
    if (turns.length % 2 === 0) await nextTurn();
    running -= 1;
  };
  const countTurns = () => {
    turn += 1;
    if (turns.length < 20) setImmediate(countTurns);
  };
  countTurns();
  const { send } = await openReplica({ addCaught, isStoreAnswering: true });
  for (let number = 0; number < 20; number += 1) (await send("a slur", `message-${number}`)).afterwards?.();
  await expect.poll(() => turns.length).toBe(20);
  expect(new Set(turns).size).toBe(20);
  expect(most).toBe(1);
});

test("[O-7] the note of a message that was refused is taken back; of one that may be stored it stays", async () => {
  const { send, broker, notes } = await openReplica({ isStoreAnswering: true });
  let error: unknown;
  broker.feed.publish = () => Promise.reject(error);
  let kept = 0;
  for (const code of ["unavailable", "internal", undefined] as const) {
    error = code === undefined ? new TypeError("a fault of ours") : new ChatError(code);
    await expect(send("a slur", "one-message")).rejects.toBe(error);
    kept += 1;
  }
  for (const code of ["not_joined", "room_not_found", "room_closed", "rate_limited", "expired"] as const) {
    error = new ChatError(code);
    await expect(send("a slur", "one-message"), "another try of it").rejects.toBe(error);
    await expect.poll(notes, code).toBe(kept);
  }
});

test("[O-7] a visitor who is not in the room leaves no note", async () => {
  const { send, broker, steps } = await openReplica({ mayBeIn: false });
  broker.feed.publish = () => Promise.reject(new ChatError("not_joined"));
  await expect(send("a slur", "message-1")).rejects.toMatchObject({ code: "not_joined" });
  expect(steps).toEqual([]);
});

test("[O-7] of a flood that comes faster than it is reported the newest notes are kept, and a thousand reports wait", async () => {
  let reported = 0;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const addCaught = async () => {
    await begun;
    reported += 1;
  };
  const { catches, notes } = await openReplica({ isStoreAnswering: true, addCaught });
  const note = (number: number) =>
    catches.note({ room: "lobby", author: "otter", id: `message-${number}`, signs: ["word"] });
  for (let number = 0; number < 5_010; number += 1) note(number);
  expect(await notes()).toBe(5_000);
  for (let number = 0; number < 1_010; number += 1) note(number).report(number);
  begin();
  await expect.poll(notes).toBe(4_000);
  note(0).report(0);
  await expect.poll(() => reported).toBe(1_001);
  await expect.poll(notes, "the others wait in the store").toBe(4_000);
});
