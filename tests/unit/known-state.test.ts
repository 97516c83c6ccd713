import pino from "pino";
import { ChatError } from "../../server/errors";
import { ByteCount } from "../../server/lib/byte-count";
import { KnownState } from "../../server/moderation/known-state";
import { StateStore } from "../../server/moderation/state-store";
import { MemoryRecords } from "../../server/records/memory/records";
import { MapJournal } from "../support/map-journal";
import { StandingClock } from "../support/network-trial";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

test("[W-2] while a full disk keeps nothing, so that no command is carried out, the state is unreachable, and after it reachable again", async () => {
  let tick = () => {};
  const clock = Object.assign(new StandingClock(), {
    every: (_everyMs: number, run: () => void) => {
      tick = run;
      return () => {};
    },
  });
  let isFull = false;
  const journal = Object.assign(new MapJournal(), {
    kept: () => (isFull ? Promise.reject(new ChatError("unavailable")) : undefined),
  });
  const store = new StateStore(new MemoryRecords(new StandingClock(), new ByteCount(), journal));
  const known = new KnownState({ store, clock, logger: pino({ level: "silent" }) });
  const told: boolean[] = [];
  known.reach.onReachable((isReachable) => told.push(isReachable));
  await known.refresh();
  isFull = true;
  clock.skip(2_000);
  tick();
  await until("the outage", () => told.length === 1);
  isFull = false;
  tick();
  await until("the end of it", () => told.length === 2);
  expect(told).toEqual([false, true]);
});
