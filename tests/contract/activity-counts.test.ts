import type { Entry } from "../../protocol/events";
import { ActivityCounts, countedHours, hourMs, tellEveryMs } from "../../server/oversight/activity-counts";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { closeRecordStores, recordStore } from "./record-stores";
import { expect, kinds, silent, test } from "./stores";

test.afterEach(closeRecordStores);

for (const kind of kinds)
  test(`[O-11] ${kind}: each message counts once in its hour, despite several replicas, repeats and restarts`, async ({
    redis,
  }) => {
    const records = await (await recordStore(kind, redis)).open();
    const replica = (...visitors: string[]) => {
      const clock = new HandClock();
      const counts = new ActivityCounts({ records, visitors: () => visitors, clock, logger: silent });
      return { counts, tell: () => clock.tick(tellEveryMs) };
    };
    const [one, other] = [replica("otter", "heron"), replica("heron", "lynx", "crane")];
    const now = Date.now();
    const said = (counts: ActivityCounts, room: string, seq: number, at: number) => {
      const count = counts.counting(room);
      counts.delivered(room, [{ seq, at } as Entry]);
      count({ seq, at });
    };
    said(one.counts, "lobby", 1, now - 2 * hourMs);
    said(one.counts, "lobby", 2, now);
    said(other.counts, "tea", 1, now);
    one.counts.counting("lobby")({ seq: 1, at: now - 2 * hourMs });
    said(one.counts, "direct-1-2", 1, now);
    for (const { tell } of [one, other, one]) tell();
    await until("both told, one visitor of both once", async () => (await other.counts.visitors()) === 4);
    await one.counts.close();
    const restarted = replica();
    said(restarted.counts, "lobby", 3, now);
    await restarted.counts.close();
    const { from, counts } = await other.counts.messages();
    const hourOf = (at: number) => Math.floor((at - from) / hourMs);
    expect(counts).toHaveLength(countedHours);
    expect(counts[hourOf(now)]).toBe(3);
    expect(counts[hourOf(now - 2 * hourMs)]).toBe(1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  });
