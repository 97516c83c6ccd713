import { Compaction } from "../../server/journal/level/compaction";
import type { RowWriter } from "../../server/journal/level/row-writer";
import { HandClock } from "../contract/hand-clock";
import { expect, test } from "../support/plain-test";

const hourMs = 3_600_000;

function openCompaction() {
  const clock = new HandClock();
  const ranges: string[] = [];
  const compactRange = async (from: string, to: string) => void ranges.push(`${from} ${to}`);
  const renew = async () => undefined;
  const writer = { keep: async () => true, file: { compactRange }, renew } as unknown as RowWriter;
  return { clock, ranges, writer, compaction: new Compaction(clock) };
}

test("[ID-5] files are compacted a minute after the start, and when the shortest of the requested times is over", async () => {
  const { clock, ranges, writer, compaction } = openCompaction();
  expect(compaction.isDue).toBe(false);
  clock.skip(60_000);
  expect(compaction.isDue).toBe(true);
  await compaction.run(writer);
  expect(ranges.length).toBeGreaterThan(0);
  clock.skip(1_000 * hourMs);
  expect(compaction.isDue, "nothing was removed since then").toBe(false);
  compaction.due(24 * hourMs);
  clock.skip(2 * hourMs);
  compaction.due(hourMs);
  compaction.due(24 * hourMs);
  clock.skip(hourMs - 1_000);
  expect(compaction.isDue).toBe(false);
  clock.skip(1_000);
  expect(compaction.isDue).toBe(true);
});

test("a compaction that fails is tried again, and none begins while one runs", async () => {
  const { clock, writer, compaction } = openCompaction();
  clock.skip(60_000);
  const broken = { ...writer, keep: async () => false };
  const failing = compaction.run(broken as unknown as RowWriter);
  expect(compaction.isDue).toBe(false);
  await expect(failing).rejects.toThrow("no row can be written");
  expect(compaction.isDue).toBe(false);
  clock.skip(600_000);
  expect(compaction.isDue).toBe(true);
  await compaction.run(writer);
  expect(compaction.isDue).toBe(false);
});
