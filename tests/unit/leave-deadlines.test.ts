import { leaveGraces } from "../../server/broker/membership";
import { LeaveDeadlines } from "../../server/broker/redis/presence/leave-deadlines";
import type { StoreConnection } from "../../server/redis/connection";
import { createKeys } from "../../server/redis/keys";
import { expect, test } from "../support/plain-test";

test("[N-3] a departure waits until the store has confirmed it: until then the replica's lease must cover it", async () => {
  const answers: (() => void)[] = [];
  const taken: unknown[] = [];
  const redis = {
    now: async () => 100_000,
  } as unknown as StoreConnection;
  const runWhenFull = (_keys: readonly string[], args: readonly unknown[]) =>
    new Promise<void>((resolve) => {
      taken.push(args);
      answers.push(resolve);
    });
  const departures = new LeaveDeadlines({
    redis,
    keys: createKeys(""),
    runWhenFull,
    graces: leaveGraces,
  });
  expect(departures.areWaiting).toBe(false);
  departures.add({ room: "lobby", connectionKey: "r:c", graceMs: 3_000 });
  const sent = departures.send();
  await new Promise(setImmediate);
  expect(taken).toEqual([["ZADD", 103_000, "r:c lobby"]]);
  expect(departures.areWaiting).toBe(true);
  for (const answer of answers) answer();
  await sent;
  expect(departures.areWaiting).toBe(false);
});
