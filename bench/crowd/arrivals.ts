import { setTimeout as pause } from "node:timers/promises";
import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

/** On each replica, members who are in the room from the start, talk and count. */
const settledEach = 25;
const rate = 10;
/** The notices of the last arrivals may still be on their way. */
const afterSeconds = 2;

/** Many visitors enter a room within a few seconds while its members talk. */
export async function arrivals(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const audience = new Audience(deployment, ["lobby"], 5_000);
  const { count, seconds } = scale.arrivals;
  try {
    await audience.admitAll(2 * settledEach, (number) => [(number % 2) as 0 | 1, 0]);
    await audience.settle();
    await audience.talk(rate, 2);
    const framesBefore = audience.frames();
    const before = await deployment.cpu();
    const startedAt = performance.now();
    const talking = audience.talk(rate, seconds + afterSeconds);
    const joining: Promise<unknown>[] = [];
    const waits: number[] = [];
    for (let number = 0; number < count; number += 1) {
      await pause(Math.max(0, startedAt + (number * seconds * 1_000) / count - performance.now()));
      const cameAt = performance.now();
      const entered = audience.enter((number % 2) as 0 | 1, 0);
      joining.push(entered.then(() => waits.push(performance.now() - cameAt)));
      entered.catch(() => undefined); // Awaited below.
    }
    await Promise.all(joining);
    const joinedSeconds = (performance.now() - startedAt) / 1_000;
    const talk = await talking;
    await audience.settle();
    const after = await deployment.cpu();
    const framesEach = (audience.frames() - framesBefore) / audience.members.length;
    waits.sort((one, other) => one - other);
    const figures = {
      "frames besides messages": framesEach - talk.sent,
      "p99 of messages meanwhile": talk.toAll.at(0.99),
      "p99 until joined": waits[Math.ceil(0.99 * waits.length) - 1] ?? Number.NaN,
      "asked again": audience.retries,
      "joins per second": count / joinedSeconds,
      "server CPU per arrival": (after.servers - before.servers) / count,
      "Redis CPU per arrival": (after.redis - before.redis) / count,
    };
    return [{ workload: "arrivals", figures, audience }];
  } finally {
    audience.close();
  }
}
