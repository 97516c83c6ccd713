import { systemClock } from "../../server/lib/clock";
import { WrittenMessages } from "../../server/limits/written-messages";
import { MemoryRecords } from "../../server/records/memory/records";
import { RedisRecords } from "../../server/records/redis/records";
import { test } from "./brokers";
import { connectTo, expect, isSharedKind, kinds } from "./stores";

for (const kind of kinds)
  test(`[W-8] ${kind}: each message of a new visitor counts once, until it is removed or forgotten`, async ({
    redis,
    prefix,
  }) => {
    const clients = await connectTo(isSharedKind(kind) ? kind : "redis", redis);
    try {
      const written = isSharedKind(kind)
        ? new WrittenMessages(new RedisRecords(clients.redis, prefix))
        : new WrittenMessages(new MemoryRecords(systemClock));
      for (const message of ["lobby 1", "tea 1", "lobby 1"]) await written.add("a", message, 60_000);
      await written.add("b", "lobby 2", 60_000);
      expect([await written.count("a"), await written.count("b"), await written.count("c")]).toEqual([
        2, 1, 0,
      ]);
      await written.remove("a", "tea 1");
      await written.remove("a", "tea 2");
      expect(await written.count("a")).toBe(1);
      if (kind === "redis") {
        const left = await redis.client.pttl(`${prefix}directory:{a}:written`);
        expect(left).toBeGreaterThan(50_000);
        expect(left).toBeLessThanOrEqual(60_000);
      }
      await written.forget("a");
      expect([await written.count("a"), await written.count("b")]).toEqual([0, 1]);
    } finally {
      await clients.close();
    }
  });
