import { Random } from "../chaos/random";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";
import { type FakeConnection, type FakeReplica, FakeReplicas, roundMs } from "./fake-replicas";

const roundsAMinute = 6;
const roundsAnHour = 360;

const stays = (home: FakeReplica): FakeReplica => home;
const largest = (values: number[], width: number): number =>
  Math.max(
    ...values.map((_, from) => values.slice(from, from + width).reduce((sum, value) => sum + value, 0)),
  );

/** How many clients one replica asks in each round of an hour. All of them come back, so its number stays. */
async function askedEachRound(group: FakeReplicas, replica: FakeReplica): Promise<number[]> {
  const asked: number[] = [];
  for (let round = 0; round < roundsAnHour; round += 1) {
    const before = replica.asked;
    await group.rounds(1);
    asked.push(replica.asked - before);
  }
  return asked;
}

for (const [connections, rounds, most] of [
  // One client in 2 minutes and 51 seconds, or 17.1 rounds.
  [7, 17, 1],
  [40, roundsAMinute, 2],
  [1_000, roundsAMinute, 50],
] as const)
  test(`a replica with ${connections} connections asks 5 % of them a minute over an hour, and never more`, async () => {
    const group = new FakeReplicas();
    group.add(0);
    const replica = group.add(connections, stays);
    const asked = await askedEachRound(group, replica);
    expect(largest(asked, rounds)).toBe(most);
    const anHour = connections * 0.05 * 60;
    expect(replica.asked).toBeLessThanOrEqual(anHour);
    expect(replica.asked).toBeGreaterThan(anHour * 0.95);
  });

test("after a quiet hour, or a long sleep, a replica asks no more clients than in any other minute", async () => {
  const group = new FakeReplicas();
  const other = group.add(1_000);
  const replica = group.add(1_000, stays);
  await group.rounds(roundsAnHour);
  expect(replica.asked).toBe(0);
  other.connections = [];
  group.clock.skip(3_600_000);
  expect(largest(await askedEachRound(group, replica), roundsAMinute)).toBe(50);
});

test("each client gets its own time to move, within the round", async () => {
  const group = new FakeReplicas();
  group.add(0);
  const replica = group.add(1_000);
  await group.rounds(roundsAMinute);
  const moments = replica.connections.flatMap(({ asked }) => asked);
  expect(moments).toHaveLength(replica.asked);
  expect(Math.min(...moments)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...moments)).toBeLessThan(roundMs);
  expect(new Set(moments).size).toBeGreaterThan(moments.length * 0.9);
});

for (const seed of [1, 2, 3])
  test(`90, 0 and 0 connections come within 10 % of the mean when moves land at random, and then stay (seed ${seed})`, async () => {
    const group = new FakeReplicas(new Random(seed));
    const byChance = () => group.random.pick(group.all);
    for (const connections of [90, 0, 0]) group.add(connections, byChance);
    await group.rounds(2 * roundsAnHour);
    expect(Math.max(...group.counts), `${group.counts}`).toBeLessThanOrEqual(33);
    const moves = group.asked;
    await group.rounds(roundsAnHour);
    expect(group.asked).toBe(moves);
  });

for (const counts of [[2, 0], [3, 0], [4, 2, 2], [32, 30, 28], [109, 100, 91], [50]])
  test(`replicas with ${counts.join(" and ")} connections ask no client`, async () => {
    const group = new FakeReplicas();
    for (const connections of counts) group.add(connections);
    await group.rounds(roundsAnHour);
    expect(group.asked).toBe(0);
    // With more connections they would ask.
    group.add(0);
    group.all[0]?.admit(200);
    await group.rounds(1);
    await group.rounds(1);
    expect(group.asked).toBeGreaterThan(0);
  });

test("a client that was asked to move does not count for two minutes, then counts again, and is not asked twice", async () => {
  const group = new FakeReplicas();
  group.add(18);
  const replica = group.add(24);
  // With one client less it would be close enough to the mean, 21.
  await group.rounds(roundsAMinute);
  expect(replica.asked).toBe(1);
  await group.rounds(roundsAMinute);
  expect(replica.asked).toBe(1);
  await group.rounds(roundsAMinute);
  expect(replica.asked).toBe(2);
  await group.rounds(roundsAnHour);
  expect(replica.asked).toBe(24);
  expect(replica.connections.map(({ asked }) => asked.length)).toEqual(replica.connections.map(() => 1));
});

test("the longest connected clients are asked first, and a slow reader is not asked", async () => {
  const group = new FakeReplicas();
  group.add(0);
  const replica = group.add(100);
  const [slow, ...others] = replica.connections;
  if (slow === undefined) throw new Error("no connection");
  slow.backlog.isSlow = true;
  await group.rounds(roundsAMinute);
  expect(replica.asked).toBe(5);
  const wereAsked = (connections: FakeConnection[]) => connections.map(({ asked }) => asked.length === 1);
  expect(wereAsked(others.slice(0, 6))).toEqual([true, true, true, true, true, false]);
  expect(slow.asked).toEqual([]);
});

test("while the store is away or refuses the number, no client is asked and no number is shared", async () => {
  const group = new FakeReplicas();
  group.add(0);
  const replica = group.add(1_000);
  await settle();
  const before = replica.told.length;
  replica.isReachable = false;
  await group.rounds(3);
  expect([replica.asked, replica.told.length]).toEqual([0, before]);
  replica.isReachable = true;
  replica.meanwhile = () => Promise.reject(new Error("full"));
  await group.rounds(3);
  expect(replica.asked).toBe(0);
  replica.meanwhile = () => {
    replica.isReachable = false;
  };
  await group.rounds(1);
  expect(replica.asked, "the store went away during the call").toBe(0);
  replica.isReachable = true;
  replica.meanwhile = () => undefined;
  await group.rounds(1);
  expect(replica.asked, "the next round tries again").toBeGreaterThan(0);
});

test("a draining replica does not ask clients because of its share, and the others do not count it", async () => {
  const group = new FakeReplicas();
  const other = group.add(500);
  const replica = group.add(1_000);
  group.add(500);
  await settle();
  let answer = () => {};
  replica.meanwhile = () => new Promise<void>((resolve) => (answer = resolve));
  await group.rounds(1);
  const closed = replica.rebalancing.close();
  answer();
  await closed;
  expect(replica.told.slice(-2), "withdrawn after the call that was under way").toEqual([1_000, "withdrawn"]);
  await group.rounds(roundsAnHour);
  expect(replica.told.at(-1)).toBe("withdrawn");
  expect(group.asked).toBe(0);
  other.admit(200);
  await group.rounds(2);
  expect(other.asked, "700 and 500 are too far apart, with the 1,000 they would not be").toBeGreaterThan(0);
});

test("one call to the store is under way at a time, and each round that asks clients logs one line", async () => {
  const group = new FakeReplicas();
  group.add(0);
  const replica = group.add(1_000);
  await group.rounds(2);
  expect(replica.logged).toEqual([
    { asked: 8, connections: 1_000, replicas: 2 },
    { asked: 8, connections: 1_000, replicas: 2 },
  ]);
  const before = replica.told.length;
  replica.meanwhile = () => new Promise(() => undefined);
  await group.rounds(5);
  expect(replica.told).toHaveLength(before + 1);
});
