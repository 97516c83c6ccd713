import { nanoid } from "nanoid";
import { distinctIn, mostSampled, sampleOf } from "../../server/oversight/visitor-sample";
import { expect, test } from "../support/plain-test";

const crowd = (count: number) => Array.from({ length: count }, () => nanoid(16));

test("[O-11] a visitor on several replicas counts once, and the count of a small crowd is exact", () => {
  const [one, other, both] = [crowd(300), crowd(200), crowd(100)];
  expect(distinctIn([])).toBe(0);
  expect(distinctIn([sampleOf([])])).toBe(0);
  expect(distinctIn([sampleOf([...one, ...both]), sampleOf([...both, ...other]), sampleOf(both)])).toBe(600);
});

test("[O-11] for a large crowd the shared data stays small, and the count is close", () => {
  const [one, other, both] = [crowd(20_000), crowd(500), crowd(4_000)];
  const samples = [sampleOf([...one, ...both]), sampleOf([...both, ...other])];
  for (const { ids } of samples) expect(ids.length).toBeLessThanOrEqual(mostSampled);
  const counted = distinctIn(samples);
  expect(Math.abs(counted - 24_500)).toBeLessThan(24_500 * 0.05);
});
