import { setTimeout as pause } from "node:timers/promises";
import type { Entry } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { MovingVisitor } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import { until } from "../support/until";

/** Enough visitors that moving 10 % a minute would exceed the bound of 5 % in each round. */
const visitorCount = 200;
const atOnce = 20;
const talkerCount = 6;
const moveCount = 4;
/** Replicas tell each other their numbers of connections at this interval. */
const roundMs = 10_000;

/** How many of its connections a replica may ask to move: 5 % a minute, plus less than one carried over from the last round. */
const mostAsked = (connections: number, ms: number) => Math.floor((connections * 0.05 * ms) / 60_000 + 0.999);

/** Many joins at once share a crowd notice (F-4). */
const joinedIn = (entry: Entry) => (entry.kind === "visits" ? entry.joined : entry.kind === "join" ? 1 : 0);

/** The rounds in which a replica has asked clients to move, read from its log. */
function roundsOf(replica: Replica): { asked: number; connections: number }[] {
  const lines = replica.output().split("\n");
  return lines.filter((line) => line.includes("asked clients to move")).map((line) => JSON.parse(line));
}

test("[N-1] [C-1] an added replica takes over connections of the first: 5 % a minute move, miss nothing, and cause no notice", async ({
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
  expect(asked(), "a lone replica never asks clients to move").toBe(0);

  const said: string[] = [];
  let isOver = false;
  // The replica first asks the connections that came first.
  const talk = visitors.slice(0, talkerCount).map(async (visitor, speaker) => {
    for (let number = 0; !isOver; number += 1) {
      const text = `${speaker}: ${number}`;
      await visitor.insist(text, `message-${speaker}-${number}`);
      said.push(text);
      // Thirty messages a second: some fall into each move, and every visitor must receive them.
      await pause(200);
    }
  });
  const addedAt = performance.now();
  const second = await startReplica(settings);
  // The front takes its targets in turn: every second connection that moves comes back to the first replica.
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

  // This tab closes after the moves: once it has left, no wrong leave of another can still come.
  const latecomer = await connect({ url: second.url });
  await latecomer.join("lobby");
  latecomer.close();
  const hasLeft = (entry: Entry) => entry.kind === "leave" && entry.by.id === latecomer.id;
  for (const visitor of visitors) {
    // The leave may come over either connection of a visitor that is still moving.
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
