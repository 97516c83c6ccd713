import { readRatio } from "../../server/broker/redis/store-use";
import { bytesOf } from "../../server/lib/byte-count";
import { MessageLimits } from "../../server/limits/message-limits";
import { RateLimit } from "../../server/limits/rate-limit";
import { StoreSpace } from "../../server/limits/store-space";
import { storeSteps } from "../../server/rates";
import { openTrial } from "../support/network-trial";
import { home } from "../support/no-budget";
import { expect, test } from "../support/plain-test";

/** The writes that are accepted at that ratio: creations, messages of new visitors, messages of settled ones. */
function taken(ratio: number | undefined): string[] {
  const space = new StoreSpace({ usedRatio: () => ratio, steps: storeSteps });
  const asked = {
    creations: () => space.check("creations"),
    newcomers: () => space.checkMessage(false),
    messages: () => space.checkMessage(true),
  };
  const allowed: string[] = [];
  for (const [what, ask] of Object.entries(asked)) {
    try {
      ask();
      allowed.push(what);
    } catch (error) {
      expect(error).toMatchObject({ code: "storage_full", retryAfterMs: 10_000 });
    }
  }
  return allowed;
}

test("a store that fills up refuses first new rooms and accounts, then new visitors' messages, then all messages", () => {
  for (const ratio of [undefined, 0, 0.79])
    expect(taken(ratio)).toEqual(["creations", "newcomers", "messages"]);
  for (const ratio of [0.8, 0.89]) expect(taken(ratio)).toEqual(["newcomers", "messages"]);
  for (const ratio of [0.9, 0.94]) expect(taken(ratio)).toEqual(["messages"]);
  for (const ratio of [0.95, 1, 2]) expect(taken(ratio)).toEqual([]);
});

test("a full store refuses a new visitor's message before its network's budget is asked, and accepts its removals", async () => {
  const trial = openTrial();
  const { budget, newcomers } = trial;
  let spent = 0;
  budget.take = async () => {
    spent += 1;
  };
  const limits = new MessageLimits({
    messages: new RateLimit(undefined),
    newcomers,
    networks: budget,
    space: new StoreSpace({ usedRatio: () => storeSteps.newcomers, steps: storeSteps }),
  });
  const guest = { visitor: trial.newVisitor(), network: home };
  await expect(limits.take(guest, "lobby", "hello")).rejects.toMatchObject({ code: "storage_full" });
  expect(spent).toBe(0);
  await limits.take(guest, "lobby");
  expect(spent).toBe(1);
});

test("Redis's used ratio is read as Redis itself counts it for maxmemory", () => {
  const info = (bound: number) =>
    `# Memory\r\nused_memory:900\r\nused_memory_human:900B\r\nmaxmemory:${bound}\r\nmem_not_counted_for_evict:100\r\n`;
  expect(readRatio(info(1_000))).toBe(0.8);
  expect(readRatio(info(0))).toBeUndefined();
});

test("a text counts as many bytes as V8 keeps for it", () => {
  expect(bytesOf("x".repeat(1_000))).toBe(1_024);
  expect(bytesOf("é".repeat(1_000))).toBe(1_024);
  expect(bytesOf("가".repeat(1_000))).toBe(2_024);
});
