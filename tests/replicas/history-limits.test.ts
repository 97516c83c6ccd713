import { expect, test } from "../support/fixtures";
import type { WireVisitor } from "../support/wire-visitor";

test("[W-8] a visitor that reads too many bytes of history at once is refused, and told when it may go on", async ({
  startReplicas,
  connect,
}) => {
  const [filling, reading] = await Promise.all([
    startReplicas(1, { RATE_LIMITS: "off", REPLICAS: "2" }),
    startReplicas(1, { REPLICAS: "2" }),
  ]).then((groups) => groups.flat());
  const author = await connect({ url: filling?.url ?? "" });
  await author.join("lobby");
  for (let number = 0; number < 60; number += 1) await author.say("lobby", "가".repeat(2_000));
  const reader: WireVisitor = await connect({ url: reading?.url ?? "" });
  await reader.join("lobby");
  let bytes = 0;
  let ack = await reader.ask("history:read", { room: "lobby", limit: 200 });
  while (ack.ok) {
    bytes += Buffer.byteLength(JSON.stringify(ack.entries));
    ack = await reader.ask("history:read", { room: "lobby", limit: 200 });
  }
  expect(ack.error).toMatchObject({ code: "rate_limited", retryable: true });
  expect(ack.error.retryAfterMs).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(8 * 1024 * 1024);
  expect(bytes).toBeLessThan(12 * 1024 * 1024);
  expect(
    await reader.ask("message:send", { room: "lobby", clientMessageId: "still-here-1", text: "hi" }),
  ).toMatchObject({ ok: true });
});

test("[W-8] a visitor may block tens of others at once, but not thousands", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const blocks = Array.from({ length: 60 }, (_, number) =>
    visitor.ask("visitor:block", {
      visitor: `made-up-visitor${`${number}`.padStart(1, "0")}`.slice(-16),
      blocked: true,
    }),
  );
  const acks = await Promise.all(blocks);
  const refused = acks.filter((ack) => !ack.ok && ack.error.code === "rate_limited");
  expect(refused.length).toBeGreaterThanOrEqual(20);
  expect(refused.length).toBeLessThanOrEqual(30);
});
