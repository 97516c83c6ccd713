import { expect, test } from "@playwright/test";
import { givingWay, mostReports, type StoredReport } from "../../server/moderation/stored-reports";

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
  expect(givingWay(kept), "there is space").toEqual([]);
  const order: string[] = [];
  for (let at = 9_000; order.length < 5; at += 1) {
    add(`more ${at}`, report(at, ["cleo"]));
    for (const key of givingWay(kept)) {
      order.push(key);
      kept.delete(key);
    }
  }
  expect(order).toEqual(["settled visitor", "old guard", "new guard", "old visitor", "guard and visitor"]);
});
