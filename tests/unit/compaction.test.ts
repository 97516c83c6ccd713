import { expect, test } from "@playwright/test";
import { Compaction } from "../../server/journal/level/compaction";
import type { LevelFile } from "../../server/journal/level/level-file";
import { HandClock } from "../contract/hand-clock";

const hourMs = 3_600_000;

function openCompaction() {
  const clock = new HandClock();
  const ranges: string[] = [];
  const file = {
    batch: async () => undefined,
    compactRange: async (from: string, to: string) => void ranges.push(`${from} ${to}`),
  } as unknown as LevelFile;
  return { clock, ranges, file, compaction: new Compaction(clock) };
}

test("[ID-5] files are compacted a minute after the start, and as soon as the shortest of the given times is over", async () => {
  const { clock, ranges, file, compaction } = openCompaction();
  expect(compaction.isDue).toBe(false);
  clock.skip(60_000);
  expect(compaction.isDue).toBe(true);
  await compaction.run(file);
  expect(ranges.length).toBeGreaterThan(0);
  clock.skip(1_000 * hourMs);
  expect(compaction.isDue, "nothing was removed since").toBe(false);
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
  const { clock, file, compaction } = openCompaction();
  clock.skip(60_000);
  const broken = { batch: () => Promise.reject(new Error("no room")) } as unknown as LevelFile;
  const failing = compaction.run(broken);
  expect(compaction.isDue).toBe(false);
  await expect(failing).rejects.toThrow("no room");
  expect(compaction.isDue).toBe(false);
  clock.skip(600_000);
  expect(compaction.isDue).toBe(true);
  await compaction.run(file);
  expect(compaction.isDue).toBe(false);
});
