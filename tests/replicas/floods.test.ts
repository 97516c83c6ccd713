import { expect, test } from "../support/fixtures";
import { RawClient } from "../support/raw-client";
import { until } from "../support/until";
import { attempt, connectVisitor, WireVisitor } from "../support/wire-visitor";

const light = '42["room:list",{}]';
const heavy = `42["message:send",{"room":"lobby","clientMessageId":"a-heavy-one","text":"${"x".repeat(60_000)}"}]`;

/** Sends far more frames at once than a connection may, without asking for answers. */
async function flood(visitor: WireVisitor): Promise<void> {
  for (let frame = 0; frame < 1_000; frame += 1) visitor.writeRaw(light);
  await visitor.gone();
}

/** The JSON lines of a replica's log. */
const lines = (output: string) =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ refusal }) => refusal !== undefined);

test("[W-5] a command without a callback counts against the rate, but is not carried out", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const [hasty, witness] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await witness.join("lobby");
  await hasty.join("lobby");
  for (let frame = 0; frame < 300; frame += 1)
    hasty.writeRaw(
      `42["message:send",{"room":"lobby","clientMessageId":"silent-${frame}-one","text":"${frame}"}]`,
    );
  // On a busy machine the rate may allow some of them again by then, but never so many.
  const acks = await Promise.all(Array.from({ length: 100 }, () => hasty.ask("room:list", {})));
  expect(acks).toContainEqual({
    ok: false,
    error: expect.objectContaining({ code: "rate_limited", retryable: true }),
  });
  expect(await witness.ask("room:list", {})).toMatchObject({ ok: true });
  await witness.say("lobby", "the only one");
  await witness.entry("lobby", (entry) => entry.kind === "message");
  expect(witness.log("lobby").texts).toEqual(["the only one"]);
  expect(hasty.socket.connected, "a quick burst is not yet a flood").toBe(true);
});

test("[W-6] a text that is too long counts against the rate, and messages over the rate are not read", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const hasty = await connect({ url: replica.url });
  await hasty.join("lobby");
  const input = { room: "lobby", clientMessageId: "a-long-one", text: "가".repeat(2_001) };
  const acks = await Promise.all(Array.from({ length: 30 }, () => hasty.ask("message:send", input)));
  const codes = acks.map((ack) => (ack.ok ? "ok" : ack.error.code));
  expect(codes[0]).toBe("too_large");
  expect(new Set(codes)).toEqual(new Set(["too_large", "rate_limited"]));
  expect(hasty.socket.connected).toBe(true);
});

test("[W-8a] a flood closes its connection without a word, and its visitor must wait before it connects again", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const hasty = await connect({ url: replica.url });
  await flood(hasty);
  expect(hasty.disconnectReason, "no disconnect packet, so a client comes back by itself").toBe(
    "transport close",
  );
  const again = { url: replica.url, token: hasty.token };
  const refusal = (await attempt(again)) as { retryAfterMs: number };
  expect(refusal).toMatchObject({ code: "rate_limited", retryable: true });
  expect(refusal).not.toHaveProperty("scope");
  expect(refusal.retryAfterMs).toBeLessThanOrEqual(5_000);
  await connect({ url: replica.url });
  await witness.say("lobby", "no other visitor is affected");
  expect(witness.socket.connected).toBe(true);
  expect(await replica.metric("madang_flood_connections_closed_total")).toBe(1);
  const back = await until("the end of the pause", async () => {
    const outcome = await attempt(again);
    return outcome instanceof WireVisitor && outcome;
  });
  expect(back.id).toBe(hasty.id);
  await back.join("lobby");
  back.close();
});

test("[W-8a] fewer heavy frames make a flood, and frames over the rate are refused unread", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const hasty = await connect({ url: replica.url });
  for (let frame = 0; frame < 60; frame += 1) hasty.writeRaw(heavy);
  await hasty.gone();
  expect(await replica.metric("madang_flood_connections_closed_total")).toBe(1);
});

test("[W-8a] a connection that floods before its handshake is closed", async ({ startReplica, connect }) => {
  const replica = await startReplica();
  const silent = new WireVisitor({ url: replica.url });
  silent.socket.io.engine.once("open", () => {
    // Engine.IO's own answers to pings that no client sent.
    for (let frame = 0; frame < 1_000; frame += 1) silent.writeRaw("3");
  });
  await until("its end", async () => (await replica.metric("madang_flood_connections_closed_total")) === 1);
  silent.close();
  await connect({ url: replica.url });
});

test("[W-8a] while several visitors of a network flood, its new visitors must wait, and its known visitors are let in", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ TRUST_PROXY_HOPS: "1" });
  const from = (address: string, token = "") => ({
    url: replica.url,
    headers: { "x-forwarded-for": address },
    ...(token && { token }),
  });
  const honest = await connect(from("192.0.2.1"));
  honest.close();
  const floods = await Promise.all(Array.from({ length: 3 }, () => connect(from("192.0.2.1"))));
  for (const [index, one] of floods.entries()) {
    if (index < 2) (await connect(from("192.0.2.1"))).close();
    await flood(one);
  }
  expect(await attempt(from("192.0.2.1"))).toMatchObject({
    code: "rate_limited",
    retryable: true,
    scope: "network",
  });
  await connect(from("192.0.2.1", honest.token));
  await connect(from("192.0.2.2"));
});

test("[W-8a] a person who sends too fast is refused again and again, but never disconnected", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const hasty = await connect({ url: replica.url });
  await hasty.join("lobby");
  let refused = 0;
  for (let round = 0; round < 8; round += 1) {
    const sends = Array.from({ length: 30 }, (_, number) =>
      hasty.ask("message:send", { room: "lobby", clientMessageId: `hasty-${round}-${number}`, text: "!" }),
    );
    refused += (await Promise.all(sends)).filter(({ ok }) => !ok).length;
  }
  expect(refused).toBeGreaterThan(100);
  expect(hasty.socket.connected).toBe(true);
});

test("[settings] with RATE_LIMITS=off no flood is closed", async ({ startReplica, connect }) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const busy = await connect({ url: replica.url });
  for (let frame = 0; frame < 2_000; frame += 1) busy.writeRaw(light);
  expect(await busy.ask("room:list", {})).toMatchObject({ ok: true });
});

for (const [setting, addresses] of Object.entries({ true: ["203.0.113.7"], false: [] as string[] }))
  test(`[settings] with LOG_ADDRESSES=${setting} the log line of a closed flood names ${addresses.length === 0 ? "no address" : "the address"}`, async ({
    startReplica,
    connect,
  }) => {
    const replica = await startReplica({ TRUST_PROXY_HOPS: "1", LOG_ADDRESSES: setting });
    const headers = { "x-forwarded-for": "203.0.113.7" };
    await flood(await connect({ url: replica.url, headers }));
    await until("its line", async () => lines(replica.output()).length > 0);
    const [line] = lines(replica.output());
    expect(line).toMatchObject({ refusal: "flood", network: expect.stringMatching(/^[\w-]{16}$/), count: 1 });
    expect([line?.address].filter(Boolean)).toEqual(addresses);
    if (addresses.length === 0) expect(replica.output()).not.toContain("203.0.113");
  });

test("[W-4] a connection has one session: a client that asks for several at once is closed, and no session remains", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const raw = await RawClient.open(replica.url);
  for (let index = 0; index < 20; index += 1) raw.greet();
  // If the second request comes after the session has begun, Socket.IO closes in order, and `ws` waits 30 s for an answer.
  await until("its end", () => raw.isGone, 60_000);
  const honest = await connect({ url: replica.url });
  await honest.join("lobby");
  await expect.poll(() => replica.metric("madang_connections")).toBe(1);
});

test("[W-8] a token that keeps connecting is refused, and other visitors of its network are let in", async ({
  startReplica,
}) => {
  const { url } = await startReplica();
  const looping = await connectVisitor({ url });
  const { token } = looping;
  looping.close();
  let refused: unknown;
  for (let index = 0; index < 200 && refused === undefined; index += 1) {
    const outcome = await attempt({ url, token });
    if (outcome instanceof WireVisitor) outcome.close();
    else refused = outcome;
  }
  expect(refused).toMatchObject({ code: "rate_limited" });
  expect(refused).not.toHaveProperty("scope");
  (await connectVisitor({ url })).close();
});
