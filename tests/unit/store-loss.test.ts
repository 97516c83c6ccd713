import { EventEmitter } from "node:events";
import pino from "pino";
import type { BrokerEvents } from "../../server/broker/redis/events";
import {
  StoreLossDetector,
  type StoreLossDetectorOptions,
} from "../../server/broker/redis/store-loss-detector";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const wellReplayed = "run_id:one\r\nunexpected_error_replies:0\r\n";
const refusedReplay = "run_id:one\r\nunexpected_error_replies:3\r\n";
const timedOut = new Error("Command timed out");
const forbidden = new Error("NOPERM User madang has no permissions to run the 'info' command");

/** A detector over servers that give these answers to INFO. `marked`: the loss that the next advance of the mark reports. */
async function detecting(...says: (string | Error)[]) {
  const clock = new FakeClock();
  const asked: number[] = [];
  const causes: unknown[] = [];
  const lines: { level: number; cause?: string }[] = [];
  const store = { says, marked: "" };
  const info = async (index: number): Promise<string> => {
    asked.push(index);
    const answer = store.says[index] ?? "";
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const redis = Object.assign(new EventEmitter(), {
    status: "ready",
    servers: () => store.says.map((_, index) => ({ info: () => info(index) })),
  });
  const events: BrokerEvents = new EventEmitter();
  events.on("rewound", (cause) => causes.push(cause));
  const detector = new StoreLossDetector({
    redis,
    scripts: { of: () => async () => ["mark", 1, store.marked] },
    keys: { markedRooms: ["lobby"], storeMark: () => "mark" },
    clock,
    logger: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }),
    events,
  } as unknown as StoreLossDetectorOptions);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const check = async () => {
    clock.advance(5_000);
    await settle();
  };
  redis.emit("ready");
  await settle();
  return { detector, store, asked, causes, lines, check, events, settle };
}

test("a refused replay is reported once, at the next check if the store did not answer during the busy start", async () => {
  const { detector, store, causes, check } = await detecting(timedOut);
  await check();
  expect(causes).toEqual([]);
  store.says = [refusedReplay];
  for (let time = 0; time < 3; time += 1) await check();
  expect(causes).toEqual(["refused"]);
  detector.close();
});

test("a cluster server that refused its replay is reported even if another one does not answer, and that one is asked again", async () => {
  const { detector, store, asked, causes, check } = await detecting(timedOut, refusedReplay);
  expect(causes).toEqual(["refused"]);
  store.says = [wellReplayed, refusedReplay];
  for (let time = 0; time < 3; time += 1) await check();
  expect([asked, causes]).toEqual([[0, 1, 0, 1], ["refused"]]);
  detector.close();
});

test("a store that has answered, or may not be asked, is not asked again until the next connection", async () => {
  for (const says of [wellReplayed, forbidden]) {
    const { detector, asked, causes, check } = await detecting(says);
    for (let time = 0; time < 3; time += 1) await check();
    expect([asked, causes], String(says)).toEqual([[0], []]);
    detector.close();
  }
});

test("a loss shown by the mark waits one check for its explanation, and is counted once", async () => {
  const { detector, store, causes, check } = await detecting(timedOut);
  store.marked = "older";
  await check();
  store.marked = "";
  store.says = [refusedReplay];
  for (let time = 0; time < 3; time += 1) await check();
  expect(causes).toEqual(["refused"]);
  detector.close();
});

test("a loss that no server explains in time is reported as the mark shows it, and a late answer is only logged", async () => {
  const { detector, store, causes, lines, check } = await detecting(timedOut);
  store.marked = "older";
  await check();
  store.marked = "";
  await check();
  expect(causes).toEqual(["older"]);
  store.says = [refusedReplay];
  await check();
  expect(causes).toEqual(["older"]);
  expect(lines.filter(({ level }) => level === 50).map(({ cause }) => cause)).toEqual(["older", "refused"]);
  detector.close();
});

test("a loss shown by a room waits in the same way, and is counted once", async () => {
  const { detector, store, causes, check, events, settle } = await detecting(timedOut);
  events.emit("rewound", undefined);
  await settle();
  expect(causes.filter((cause) => cause !== undefined)).toEqual([]);
  store.says = [wellReplayed];
  for (let time = 0; time < 3; time += 1) await check();
  expect(causes.filter((cause) => cause !== undefined)).toEqual(["older"]);
  detector.close();
});
