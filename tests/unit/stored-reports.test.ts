import { givingWay, mostReports, type StoredReport } from "../../server/moderation/stored-reports";
import { expect, test } from "../support/plain-test";

const report = (at: number, by: string[], rest: Partial<StoredReport> = {}): StoredReport => ({
  ...{ room: "lobby", seq: at, epoch: "e", at, count: by.length },
  reporters: by.map((each) => ({ by: each, at })),
  ...rest,
});

test("[O-6] settled reports give way first, then those of the guard alone, then visitors’, the oldest first", () => {
  const kept = new Map<string, StoredReport>();
  const add = (key: string, stored: StoredReport) => kept.set(key, stored);
  add("old visitor", report(1, ["ann"]));
  add("old guard", report(2, ["guard"]));
  add("guard and visitor", report(3, ["guard", "ann"]));
  add("new guard", report(4, ["guard"]));
  add("settled visitor", report(5, ["ann"], { settledAt: 6 }));
  for (let at = 10; kept.size < mostReports - 1; at += 1) add(`filler ${at}`, report(at, ["ben"]));
  const visitors = report(9_999, ["dan"]);
  expect(givingWay(kept, visitors), "there is space").toEqual([]);
  const order: string[] = [];
  for (let at = 9_000; order.length < 5; at += 1) {
    add(`more ${at}`, report(at, ["cleo"]));
    for (const key of givingWay(kept, visitors) ?? []) {
      order.push(key);
      kept.delete(key);
    }
  }
  expect(order).toEqual(["settled visitor", "old guard", "new guard", "old visitor", "guard and visitor"]);
});

test("[O-6] [O-7] caught messages never push out a visitor's open report", () => {
  const kept = new Map<string, StoredReport>();
  for (let at = 1; kept.size < mostReports - 1; at += 1) kept.set(`visitor ${at}`, report(at, ["ann"]));
  kept.set("guard", report(9_000, ["guard"]));
  const caught = report(9_001, ["guard"]);
  expect(givingWay(kept, caught)).toEqual(["guard"]);
  kept.delete("guard");
  kept.set("both", report(9_002, ["guard", "ann"]));
  expect(givingWay(kept, caught)).toBeUndefined();
  expect(givingWay(kept, report(9_003, ["ben"]))).toEqual(["visitor 1"]);
});
