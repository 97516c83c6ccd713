import { randomBytes, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";
import { until } from "../tests/support/until";
import { connectVisitor, type WireVisitor } from "../tests/support/wire-visitor";
import { cpuTime } from "./cpu-time";
import { Crowd, followedRooms, forAll, membersEach, type Sitting, subscriptions } from "./crowd";

/**
 * What many rooms cost: `npm run build && npx tsx bench/rooms.ts`. The same joins and sends while few rooms have members
 * and while many have, in turns; CPU time of both replicas and Redis for each, medians over the rounds. And that a replica
 * subscribes to the rooms in which it has members and to no others. Exits with 1 when a goal is missed.
 * Options: `--rooms 1000 --few 10 --sends 1000 --joins 300 --rounds 3`.
 */

/** How much more an operation may cost with many rooms. */
const mostRatio = 1.2;

const options = {
  rooms: { type: "string", default: "1000" },
  few: { type: "string", default: "10" },
  sends: { type: "string", default: "1000" },
  joins: { type: "string", default: "300" },
  rounds: { type: "string", default: "3" },
} as const;

function readOptions() {
  const { rooms, few, sends, joins, rounds } = parseArgs({ options }).values;
  const read = {
    rooms: Number(rooms),
    few: Number(few),
    sends: Number(sends),
    joins: Number(joins),
    rounds: Number(rounds),
  };
  if (!Object.values(read).every((value) => value > 0)) throw new Error("all options are positive numbers");
  return read;
}

const goals = readOptions();
const redis = await RedisServer.start();
// A short history, which is full from the first visit on: every join's answer is of one size, in either condition.
const environment = {
  REDIS_URL: redis.url,
  REPLICAS: "2",
  SESSION_SECRET: randomBytes(32).toString("hex"),
  RATE_LIMITS: "off",
  HISTORY_LIMIT: String(membersEach),
  LOG_LEVEL: "warn",
};
const replicas = await Promise.all([Replica.start(environment), Replica.start(environment)]);

/**
 * CPU time for each of so many operations, in milliseconds. One after another: several at once in few rooms reach the
 * same members in one write, and would measure how they are spread.
 */
async function costOf(count: number, act: (number: number) => Promise<unknown>): Promise<number> {
  const before = await cpuTime(redis, replicas);
  for (let number = 0; number < count; number += 1) await act(number);
  return ((await cpuTime(redis, replicas)) - before) / count;
}

type Costs = { send: number; join: number };

/** Sends by those who are there, and visits by somebody who is not, spread over the rooms and both replicas. */
async function measure(sittings: Sitting[], guests: WireVisitor[]): Promise<Costs> {
  const rooms = [...new Set(sittings.map(({ room }) => room))];
  const at = <T>(list: T[], number: number): T => list[number % list.length] as T;
  const send = await costOf(goals.sends, (number) => {
    const seat = (number + Math.floor(number / goals.few)) % membersEach;
    const { room, visitor } = at(sittings, number * membersEach + seat);
    return visitor.must("message:send", { room, text: `${number}`, clientMessageId: randomUUID() });
  });
  const join = await costOf(goals.joins, async (number) => {
    const guest = at(guests, number + Math.floor(number / goals.few));
    const room = at(rooms, number);
    await guest.must("room:join", { room });
    await guest.must("room:leave", { room });
  });
  return { send, join };
}

const enter = (sittings: Sitting[]) =>
  forAll(sittings, ({ room, visitor }) => visitor.must("room:join", { room }));
const leave = (sittings: Sitting[]) =>
  forAll(sittings, ({ room, visitor }) => visitor.must("room:leave", { room }));

async function subscribed(what: string, expected: number[]): Promise<void> {
  await until(
    `${expected.join(" and ")} subscriptions`,
    async () => (await subscriptions(redis)).join() === expected.join(),
    30_000,
  );
  console.log(`${what}: subscriptions ${expected.join(" and ")}, the rooms with members on each replica`);
}

const median = (values: number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

async function run(): Promise<boolean> {
  const crowd = await Crowd.connect(replicas);
  const guests = await Promise.all(
    Array.from({ length: 50 }, (_, index) => connectVisitor({ url: replicas[index % 2]?.url ?? "" })),
  );
  const ids = Array.from({ length: goals.rooms }, (_, number) => `room-${number}`);
  await forAll(ids, (room) => crowd.anybody.must("room:create", { room, title: room }));
  const sittings = ids.flatMap((room, number) => crowd.sittings(room, number));
  const [few, others] = [sittings.slice(0, goals.few * membersEach), sittings.slice(goals.few * membersEach)];
  const measured: { few: Costs[]; many: Costs[] } = { few: [], many: [] };
  await enter(few);
  // Once unmeasured, so that all that is used is compiled.
  await measure(few, guests);
  for (let round = 0; round < goals.rounds; round += 1) {
    measured.few.push(await measure(few, guests));
    await enter(others);
    if (round === 0) await subscribed(`${goals.rooms} rooms`, followedRooms(sittings));
    measured.many.push(await measure(sittings, guests));
    await leave(others);
  }
  await subscribed(`${goals.few} rooms`, followedRooms(few));
  await leave(few);
  await subscribed("all have left", [0, 0]);
  for (const visitor of guests) visitor.close();
  crowd.close();
  return report(measured);
}

function report({ few, many }: { few: Costs[]; many: Costs[] }): boolean {
  console.log(`\nCPU time of both replicas and Redis, medians of ${goals.rounds} rounds in turns`);
  const ratios = (["send", "join"] as const).map((operation) => {
    const [before, after] = [few, many].map((costs) => median(costs.map((each) => each[operation])));
    const ratio = (after ?? Number.NaN) / (before ?? Number.NaN);
    const what = operation === "send" ? `a send to ${membersEach} members` : "a join and a leave";
    const figures = `${before?.toFixed(2)} ms with ${goals.few} rooms, ${after?.toFixed(2)} ms with ${goals.rooms}`;
    console.log(`${what.padEnd(22)} ${figures}: ${ratio.toFixed(2)} times`);
    return ratio;
  });
  const isReached = ratios.every((ratio) => ratio <= mostRatio);
  console.log(`\nGoal, at most ${mostRatio} times: ${isReached ? "reached" : "missed"}`);
  return isReached;
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await redis.stop();
}
