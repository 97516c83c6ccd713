import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/fixtures";
import { settledToken } from "../support/settled-visitor";
import { until } from "../support/until";
import { upgrade } from "../support/upgrade";
import { attempt, WireVisitor } from "../support/wire-visitor";

const send = (visitor: WireVisitor, number: number) =>
  visitor.ask("message:send", { room: "lobby", clientMessageId: `message-${number}`, text: `${number}` });

const sendMany = (visitor: WireVisitor, count: number) =>
  Promise.all(Array.from({ length: count }, (_, number) => send(visitor, number)));

test("[W-6] ten messages at once are accepted; the next is refused with a wait, and accepted after it", async ({
  redis,
  shared,
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const [witness, hasty] = await Promise.all([
    connect({ url: replica.url }),
    connect({ url: replica.url, token: await settledToken(shared, redis.client) }),
  ]);
  await witness.join("lobby");
  await hasty.join("lobby");
  const acks = await sendMany(hasty, 30);
  const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.error]));
  expect(acks.slice(0, 10).every(({ ok }) => ok)).toBe(true);
  // One token comes back every 200 ms: on a slow machine a dozen may come back during the sends.
  expect(refused.length).toBeGreaterThanOrEqual(3);
  for (const error of refused) {
    expect(error).toMatchObject({ code: "rate_limited", retryable: true });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(error.retryAfterMs).toBeLessThanOrEqual(1_000);
  }
  expect(await send(witness, 99), "one visitor's burst does not affect another").toMatchObject({ ok: true });
  await pause(refused.at(-1)?.retryAfterMs);
  expect(await send(hasty, 100)).toMatchObject({ ok: true });
  expect(hasty.socket.connected).toBe(true);
});

test("[settings] with RATE_LIMITS=off there are no rates", async ({ startReplica, connect }) => {
  const replica = await startReplica({ RATE_LIMITS: "off", CONNECTIONS_PER_ADDRESS: "2" });
  const visitors = await Promise.all(Array.from({ length: 4 }, () => connect({ url: replica.url })));
  const [visitor] = visitors as [WireVisitor];
  await visitor.join("lobby");
  const acks = await sendMany(visitor, 100);
  expect(acks.filter(({ ok }) => !ok)).toEqual([]);
});

/** The refusal of a connection beyond its address's share. */
const isTooMany = { code: "rate_limited", retryable: true };

test("[settings] an address may hold a fixed number of connections, and a closed one makes room for another", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ CONNECTIONS_PER_ADDRESS: "3" });
  const held = await Promise.all(Array.from({ length: 3 }, () => connect({ url: replica.url })));
  expect(await attempt({ url: replica.url })).toMatchObject(isTooMany);
  const [first] = held as [WireVisitor];
  first.close();
  const next = await until("the place", async () => {
    const outcome = await attempt({ url: replica.url });
    return outcome instanceof WireVisitor && outcome;
  });
  expect((await next.join("lobby")).memberCount).toBe(1);
  next.close();
  for (const visitor of held.slice(1)) expect(visitor.socket.connected).toBe(true);
});

test("[settings] without TRUST_PROXY_HOPS the X-Forwarded-For header is ignored", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ CONNECTIONS_PER_ADDRESS: "3" });
  for (const number of [1, 2, 3])
    await connect({ url: replica.url, headers: { "x-forwarded-for": `10.0.0.${number}` } });
  const fourth = { url: replica.url, headers: { "x-forwarded-for": "10.0.0.4" } };
  expect(await attempt(fourth)).toMatchObject(isTooMany);
});

test("[settings] with TRUST_PROXY_HOPS=1 the last proxy decides the address, and the client cannot forge it", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ CONNECTIONS_PER_ADDRESS: "3", TRUST_PROXY_HOPS: "1" });
  const from = (chain: string) => ({ url: replica.url, headers: { "x-forwarded-for": chain } });
  for (let number = 0; number < 3; number += 1) await connect(from("198.51.100.1"));
  expect(await attempt(from("198.51.100.1"))).toMatchObject(isTooMany);
  expect(await attempt(from("203.0.113.7, 198.51.100.1")), "a forged beginning").toMatchObject(isTooMany);
  await connect(from("198.51.100.2"));
});

for (const [what, chains] of Object.entries({
  "a port": ["203.0.113.5:40001", "203.0.113.5:40002", "::ffff:203.0.113.5", '"203.0.113.5:40004"'],
  "a port behind brackets": ["[2001:db8::1]:40001", "[2001:db8::1]:40002", "2001:db8::1", "[2001:db8::1]"],
  "another half of an IPv6 address": [
    "2001:db8::1",
    "2001:db8::2",
    "2001:db8:0:0:ffff::3",
    "[2001:db8::4]:9",
  ],
  "a word for what is hidden": ["unknown", "_one", "1.1.1.1, unknown", "2.2.2.2, _two"],
}))
  test(`[settings] ${what} in X-Forwarded-For makes no new address`, async ({ startReplica, connect }) => {
    const replica = await startReplica({ CONNECTIONS_PER_ADDRESS: "3", TRUST_PROXY_HOPS: "1" });
    const from = (chain = "") => ({ url: replica.url, headers: { "x-forwarded-for": chain } });
    for (const chain of chains.slice(0, 3)) await connect(from(chain));
    expect(await attempt(from(chains[3]))).toMatchObject(isTooMany);
    await connect(from("198.51.100.2"));
  });

test("[settings] an address cannot hold more than twice its bound of silent connections", async ({
  startReplica,
}) => {
  const replica = await startReplica({ CONNECTIONS_PER_ADDRESS: "1" });
  const held: Duplex[] = [];
  const hold = (socket: Duplex) => held.push(socket);
  expect(await upgrade(replica.url, {}, { hold })).toBe(101);
  expect(await upgrade(replica.url, {}, { hold })).toBe(101);
  expect(await upgrade(replica.url)).toBe(429);
  held[0]?.destroy();
  await until("the place", async () => (await upgrade(replica.url)) === 101);
  held[1]?.destroy();
});
