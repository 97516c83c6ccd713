import { expect, test } from "@playwright/test";
import { readRatio } from "../../server/broker/store-use";
import { FirstSeen } from "../../server/chat/first-seen";
import { StoreSpace } from "../../server/chat/store-space";
import { bytesOf } from "../../server/lib/byte-count";
import { storeSteps } from "../../server/rates";

const space = (ratio: number | undefined, isSettled = true) =>
  new StoreSpace({
    usedRatio: () => ratio,
    steps: storeSteps,
    visitors: { saw: () => undefined, isSettled: () => isSettled },
  });

/** What is still taken at that share: creations, messages of new visitors, of settled ones. */
async function taken(ratio: number | undefined): Promise<string[]> {
  const asked = {
    creations: async () => space(ratio).check("creations"),
    newcomers: () => space(ratio, false).checkMessage("a"),
    messages: () => space(ratio).checkMessage("a"),
  };
  const allowed: string[] = [];
  for (const [what, ask] of Object.entries(asked)) {
    const refusal = await ask().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal === undefined) allowed.push(what);
    else expect(refusal).toMatchObject({ code: "storage_full", retryAfterMs: 10_000 });
  }
  return allowed;
}

test("a store that fills up refuses first what is new, then new visitors' messages, then all messages", async () => {
  for (const ratio of [undefined, 0, 0.79])
    expect(await taken(ratio)).toEqual(["creations", "newcomers", "messages"]);
  for (const ratio of [0.8, 0.89]) expect(await taken(ratio)).toEqual(["newcomers", "messages"]);
  for (const ratio of [0.9, 0.94]) expect(await taken(ratio)).toEqual(["messages"]);
  for (const ratio of [0.95, 1, 2]) expect(await taken(ratio)).toEqual([]);
});

test("a visitor is settled ten minutes after this replica has first seen it", () => {
  let now = 0;
  const seen = new FirstSeen({ now: () => now, after: () => () => undefined, every: () => () => undefined });
  seen.saw("a");
  now = 599_999;
  seen.saw("a");
  expect([seen.isSettled("a"), seen.isSettled("b")]).toEqual([false, false]);
  now = 600_000;
  expect([seen.isSettled("a"), seen.isSettled("b")]).toEqual([true, false]);
});

test("Redis' share is read as it counts for maxmemory itself", () => {
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
