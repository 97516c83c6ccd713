import pino from "pino";
import { KnownEnds } from "../../server/accounts/known-ends";
import { TokenEnds } from "../../server/accounts/token-ends";
import { ChatError } from "../../server/errors";
import { MemoryRecords } from "../../server/records/memory/records";
import { StandingClock } from "../support/network-trial";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

test("[ID-1] a reading of ended tokens that began while the store was away refuses no command once it is back", async () => {
  const clock = new StandingClock();
  const store = new TokenEnds(new MemoryRecords(clock), 1e9);
  const { after } = store;
  const failures: ((error: Error) => void)[] = [];
  let isAway = true;
  store.after = (generation) =>
    isAway ? new Promise((_, fail) => failures.push(fail)) : after.call(store, generation);
  const ends = new KnownEnds({ store, clock, logger: pino({ level: "silent" }) });
  clock.skip(60_000);
  const early = ends.readIfStale();
  await until("the reading", () => failures.length === 1);
  isAway = false;
  const late = ends.readIfStale();
  failures[0]?.(new ChatError("unavailable"));
  await expect(early).rejects.toMatchObject({ code: "unavailable" });
  await late;
  expect(failures).toHaveLength(1);
});
