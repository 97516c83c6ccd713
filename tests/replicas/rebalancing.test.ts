import { setTimeout as pause } from "node:timers/promises";
import type { Entry } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { MovingVisitor } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import { until } from "../support/until";

/** So many that 10 % a minute would be more in each round than the bound of 5 %. */
const visitorCount = 200;
const atOnce = 20;
const talkerCount = 6;
const moveCount = 4;
/** Replicas tell each other their numbers as often. */
const roundMs = 10_000;

/** How many a number of connections may give up: 5 % a minute, and what the round before has left, which is less than one. */
const mostAsked = (connections: number, ms: number) => Math.floor((connections * 0.05 * ms) / 60_000 + 0.999);

/** So many at once are not all told one by one (F-4). */
const joinedIn = (entry: Entry) => (entry.kind === "visits" ? entry.joined : entry.kind === "join" ? 1 : 0);

/** Each round in which a replica has asked clients to move, as its log tells it. */
function roundsOf(replica: Replica): { asked: number; connections: number }[] {
  const lines = replica.output().split("\n");
  return lines.filter((line) => line.includes("asked clients to move")).map((line) => JSON.parse(line));
}

test("[N-1] [C-1] a replica that is added takes connections of the first: 5 % a minute move, miss nothing, and no notice tells of it", async ({
  startReplica,
  startFront,
  connect,
}) => {
  const settings = { REPLICAS: "2", RATE_LIMITS: "off" };
  const first = await startReplica(settings);
  const front = await startFront([first.port]);
  const visitors: MovingVisitor[] = [];
  while (visitors.length < visitorCount) {
    const entering = Array.from({ length: atOnce }, () => MovingVisitor.enter(front.url, "lobby"));
    visitors.push(...(await Promise.all(entering)));
  }
  const asked = () => visitors.reduce((sum, { askedToMove }) => sum + askedToMove, 0);
  const moves = () => visitors.reduce((sum, { resumedAfterMs }) => sum + resumedAfterMs.length, 0);
  expect(asked(), "a replica alone has its share").toBe(0);

  const said: string[] = [];
  let isOver = false;
  // The first to come are the first to be asked.
  const talk = visitors.slice(0, talkerCount).map(async (visitor, speaker) => {
    for (let number = 0; !isOver; number += 1) {
      const text = `${speaker}: ${number}`;
      await visitor.insist(text, `message-${speaker}-${number}`);
      said.push(text);
      // Thirty messages a second: each move has some in it, and each is received by all.
      await pause(200);
    }
  });
  const addedAt = performance.now();
  const second = await startReplica(settings);
  // It gives out connections in turn: every other one that moves comes back to the first replica.
  front.add(second.port);
  await until("some moves", () => moves() >= moveCount, 100_000);
  const elapsedMs = performance.now() - addedAt;
  expect(asked()).toBeLessThanOrEqual(mostAsked(visitorCount, elapsedMs + roundMs));
  for (const round of roundsOf(first))
    expect(round.asked).toBeLessThanOrEqual(mostAsked(round.connections, roundMs));
  expect(roundsOf(first).length).toBeGreaterThan(1);
  expect(await first.metric("madang_connections_moved_total")).toBeGreaterThanOrEqual(moveCount);
  expect(await second.metric("madang_connections")).toBeGreaterThan(0);
  isOver = true;
  await Promise.all(talk);

  // A tab that closes after the moves: when it has left, none of the others ever will.
  const latecomer = await connect({ url: second.url });
  await latecomer.join("lobby");
  latecomer.close();
  const hasLeft = (entry: Entry) => entry.kind === "leave" && entry.by.id === latecomer.id;
  for (const visitor of visitors) {
    // Over whichever connection: some are moving still.
    await until("its leave", () => visitor.entries.some(hasLeft));
    expect(visitor.faults).toEqual([]);
    const texts = visitor.entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
    expect([...texts].sort()).toEqual([...said].sort());
    const left = visitor.entries.filter(({ kind }) => kind === "leave");
    expect(left).toHaveLength(1);
  }
  const joined = visitors[0]?.entries.map(joinedIn) ?? [];
  expect(joined.reduce((sum, count) => sum + count, 0)).toBe(visitorCount + 1);
  for (const visitor of visitors) visitor.close();
});
