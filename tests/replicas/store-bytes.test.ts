import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

/** The attack goes on until so many sends were refused, and for at least MADANG_ATTACK_MS. */
const enoughRefusals = 2_000;
const attackMs = Number(process.env.MADANG_ATTACK_MS || 0);
/** 16 KiB in one grapheme: the text that costs the server least to count. */
const text = `x${"\u0301".repeat(8_191)}`;
const visitors = 40;
const mebibyte = 1024 * 1024;

const residentBytes = ({ pid }: Replica): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;

test("a lone process with a heap of 512 MB survives when visitors fill it: it refuses more, and continues after deletions", async ({
  startReplica,
  connect,
}) => {
  test.setTimeout(attackMs + 300_000);
  const replica = await startReplica({
    REDIS_URL: undefined,
    SESSION_SECRET: undefined,
    RATE_LIMITS: "off",
    NODE_OPTIONS: "--max-old-space-size=512",
  });
  const honest = await connect({ url: replica.url });
  await honest.join("lobby");
  const { seq } = await honest.say("lobby", "said before");

  const startedAt = Date.now();
  let [stored, highest] = [0, 0];
  const refusals = new Map<string, number>();
  const refused = (code: string) => refusals.set(code, (refusals.get(code) ?? 0) + 1);
  const isOver = () =>
    (refusals.get("storage_full") ?? 0) >= enoughRefusals && Date.now() - startedAt >= attackMs;
  const attack = async (attacker: WireVisitor) => {
    let room = "lobby";
    for (let turn = 0; !isOver(); turn += 1) {
      if (turn % 50 === 0) {
        const made = await attacker.ask("room:create", { title: randomUUID() });
        if (made.ok) room = made.room.id;
        else refused(made.error.code);
        await attacker.ask("room:join", { room });
      }
      const answer = await attacker.ask("message:send", { room, clientMessageId: randomUUID(), text });
      if (answer.ok) stored += Buffer.byteLength(text);
      else refused(answer.error.code);
      if (turn % 20 === 0) highest = Math.max(highest, residentBytes(replica));
    }
  };
  const attackers = await Promise.all(Array.from({ length: visitors }, () => connect({ url: replica.url })));
  await Promise.all(attackers.map(attack));

  expect(replica.isRunning()).toBe(true);
  const ratio = await replica.metric("madang_store_used_ratio");
  const figures = {
    seconds: Math.round((Date.now() - startedAt) / 1_000),
    storedMiB: Math.round(stored / mebibyte),
    highestMiB: Math.round(highest / mebibyte),
    ratio: Number(ratio.toFixed(3)),
    refusals: Object.fromEntries(refusals),
  };
  console.info(JSON.stringify(figures));
  expect(ratio).toBeGreaterThanOrEqual(0.9);
  expect(ratio, "only commands that are never refused may go beyond the last step").toBeLessThan(1);
  expect([...refusals.keys()]).toEqual(["storage_full"]);
  const { entries } = await honest.must("history:read", { room: "lobby", limit: 1, before: seq + 1 });
  expect(entries).toMatchObject([{ text: "said before" }]);

  for (const attacker of attackers.slice(0, 10)) await attacker.must("visitor:forget", {});
  expect(await replica.metric("madang_store_used_ratio")).toBeLessThan(ratio - 0.1);
  await honest.must("message:send", { room: "lobby", clientMessageId: randomUUID(), text: "said after" });
});
