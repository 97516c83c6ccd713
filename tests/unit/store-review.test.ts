import { reviewStore } from "../../server/redis/store-warnings";
import { expect, test } from "../support/plain-test";

const sound = {
  redis_version: "7.4.11",
  maxmemory: "536870912",
  maxmemory_policy: "noeviction",
  aof_enabled: "1",
};

const infoOf = (fields: Record<string, string | undefined>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join("");

const review = (changes: Record<string, string | undefined> = {}, aheadMs = 0) =>
  reviewStore({ info: infoOf({ ...sound, ...changes }), aheadMs, isCluster: false });

test("a store that is set up well gets no warning, and is described correctly", () => {
  expect(review()).toEqual({ name: "Redis 7.4.11", warnings: [] });
  expect(review({ redis_version: "7.2.4", valkey_version: "8.1.0" })).toEqual({
    name: "Valkey 8.1.0",
    warnings: [],
  });
  expect(review({ redis_version: "10.0.1" }).warnings).toEqual([]);
  expect(
    review({ maxmemory_policy: undefined, aof_enabled: undefined }).warnings,
    "the store does not say",
  ).toEqual([]);
});

test("a server of a cluster gets no warning if the settings name a cluster", () => {
  const info = infoOf({ ...sound, cluster_enabled: "1" });
  expect(reviewStore({ info, aheadMs: 0, isCluster: true }).warnings).toEqual([]);
});

const cases: [kind: string, changes: Record<string, string>, aheadMs: number, warning: RegExp][] = [
  ["cluster", { cluster_enabled: "1" }, 0, /REDIS_URL names a server of a cluster.* Set REDIS_CLUSTER/],
  ["version", { redis_version: "6.2.14" }, 0, /Redis 6.2.14 is too old: .*7\.0 or later/],
  ["eviction", { maxmemory_policy: "allkeys-lru" }, 0, /allkeys-lru.* Set maxmemory-policy noeviction/],
  ["persistence", { aof_enabled: "0" }, 0, /Set appendonly yes/],
  ["limit", { maxmemory: "0" }, 0, /maxmemory is not set/],
  ["clock", {}, 1_500, /1\.5 s ahead of this machine's.*NTP/],
  ["clock", {}, -61_000, /61\.0 s behind this machine's.*NTP/],
];

for (const [kind, changes, aheadMs, text] of cases)
  test(`at the start the log warns of the ${kind} (${aheadMs}), and says how to mend it`, () => {
    expect(review(changes, aheadMs).warnings).toEqual([{ kind, text: expect.stringMatching(text) }]);
  });

test("a clock that is a second off gets no warning, nor does one that may not be read", () => {
  for (const aheadMs of [1_000, -1_000]) expect(review({}, aheadMs).warnings).toEqual([]);
  expect(reviewStore({ info: infoOf(sound), aheadMs: undefined, isCluster: false }).warnings).toEqual([]);
});
