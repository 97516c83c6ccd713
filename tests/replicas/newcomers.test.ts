import type { Challenge, Handshake, WireError } from "../../protocol/events";
import { TalkConnection } from "../../scripts/talk/connection";
import { prove } from "../../scripts/talk/prove";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { settledToken, spendAll } from "../support/settled-visitor";
import { connectVisitor, WireVisitor } from "../support/wire-visitor";

const sayMany = (visitor: WireVisitor, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, number) =>
      visitor.ask("message:send", { room: "lobby", clientMessageId: `message-${number}`, text: `${number}` }),
    ),
  );

/**
 * Connects, and resolves with the error of the refusal. Each replica lets in one more visitor every five seconds: it may take
 * three tries.
 */
async function refusal(url: string, rest: Partial<Handshake> = {}): Promise<WireError> {
  for (let tries = 0; tries < 3; tries += 1) {
    const outcome = await connectVisitor({ url, auth: { protocol: 1, ...rest } }).catch((error) => error);
    if (!(outcome instanceof WireVisitor)) return outcome.data;
    outcome.close();
  }
  throw new Error("the connection was not refused");
}

/** The new visitors that each replica lets in without asking the store. */
const free = 15;
async function useUpFree(replicas: Replica[]): Promise<void> {
  const connecting = replicas.flatMap(({ url }) =>
    Array.from({ length: free }, () => connectVisitor({ url })),
  );
  for (const visitor of await Promise.all(connecting)) visitor.close();
}

test("[W-8] a new visitor may write three messages at once, then one every two seconds", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica();
  const visitor = await connect({ url });
  await visitor.join("lobby");
  const askedAt = performance.now();
  const acks = await sayMany(visitor, 20);
  const moreByNow = Math.floor((performance.now() - askedAt) / 2_000);
  expect(acks.slice(0, 3).map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(acks.filter(({ ok }) => ok).length).toBeLessThanOrEqual(3 + moreByNow);
  const last = acks.at(-1);
  if (last === undefined || last.ok) throw new Error("it was taken");
  expect(last.error).toMatchObject({ code: "rate_limited", retryable: true });
  expect(last.error.retryAfterMs).toBeGreaterThan(0);
  expect(last.error.retryAfterMs).toBeLessThanOrEqual(2_000);
});

test("[W-8] a new visitor may not make a room or open a conversation in its first minute, and is told when it may", async ({
  redis,
  shared,
  startReplica,
  connect,
}) => {
  const { url } = await startReplica();
  const [newcomer, settled] = await Promise.all([
    connect({ url }),
    connect({ url, token: await settledToken(shared, redis.client) }),
  ]);
  const refusals = [
    await newcomer.ask("room:create", { title: "Tea" }),
    await newcomer.ask("direct:open", { with: settled.id }),
  ];
  for (const ack of refusals) {
    if (ack.ok) throw new Error("it was taken");
    expect(ack.error).toMatchObject({ code: "rate_limited", retryable: true, scope: "newcomer" });
    expect(ack.error.retryAfterMs).toBeGreaterThan(30_000);
    expect(ack.error.retryAfterMs).toBeLessThanOrEqual(60_000);
  }
  await settled.must("room:create", { title: "Tea" });
  await settled.must("direct:open", { with: newcomer.id });
  await newcomer.must("direct:open", { with: settled.id });
});

test("[W-4a] when a network has a rush of new visitors, each must solve a challenge, which counts once over both replicas; a token spares it", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2)) as [Replica, Replica];
  const [one, other] = replicas;
  const known = await connect({ url: one.url });
  await useUpFree(replicas);
  await spendAll("unprovenVisitors", { shared, redis: redis.client });
  const asked = await refusal(one.url);
  expect(asked).toMatchObject({ code: "proof_required", retryable: true });
  expect(asked.retryAfterMs).toBeGreaterThan(0);
  expect(await refusal(other.url)).toMatchObject({ code: "proof_required" });
  await connect({ url: other.url, token: known.token });

  const proof = await prove(asked.challenge as Challenge);
  const proven = await connectVisitor({ url: other.url, auth: { protocol: 1, proof } });
  await proven.join("lobby");
  proven.close();
  expect(await refusal(one.url, { proof }), "the same proof again").toMatchObject({ code: "proof_required" });
  const unsolved = { ...proof, challenge: (await refusal(one.url)).challenge as Challenge };
  expect(await refusal(one.url, { proof: unsolved })).toMatchObject({ code: "proof_required" });
});

test("[W-4a] the terminal client solves the challenge; with RATE_LIMITS=off no visitor is asked", async ({
  redis,
  shared,
  startReplica,
}) => {
  const limited = await startReplica();
  await useUpFree([limited]);
  await spendAll("unprovenVisitors", { shared, redis: redis.client });
  const nothing = () => undefined;
  const enter = () =>
    new Promise((resolve) => {
      const terminal = new TalkConnection(
        limited.url,
        { protocol: 1 },
        {
          opened: nothing,
          "session:started": ({ visitor }) => {
            terminal.close();
            resolve(visitor.id);
          },
          "feed:appended": nothing,
          "feed:gap": nothing,
          "status:changed": nothing,
          "replica:draining": nothing,
          ended: resolve,
        },
      );
    });
  const challenges = () => limited.metric('madang_refusals_total{code="proof_required"}');
  // One more visitor is let in without a challenge every five seconds.
  for (let tries = 0; tries < 3 && !((await challenges()) > 0); tries += 1)
    expect(await enter()).toMatch(/^[\w-]{16}$/);
  expect(await challenges(), "it was asked").toBe(1);
  const unlimited = await startReplica({ RATE_LIMITS: "off" });
  for (let index = 0; index < 2 * free; index += 1) (await connectVisitor({ url: unlimited.url })).close();
});

test("[W-8] a network's use on one replica counts on the other; each network has its own budget", async ({
  redis,
  shared,
  startReplicas,
}) => {
  const replicas = (await startReplicas(2, { TRUST_PROXY_HOPS: "1" })) as [Replica, Replica];
  const from = (network: string, { url }: Replica) =>
    connectVisitor({ url, headers: { "x-forwarded-for": network } }).then(
      (visitor) => {
        visitor.close();
        return true;
      },
      () => false,
    );
  let taken = 0;
  for (let index = 0; index < 200; index += 1)
    if (await from("203.0.113.5", replicas[index % 2] ?? replicas[0])) taken += 1;
  // A few places come back while the test runs.
  expect(taken).toBeGreaterThanOrEqual(2 * free + 120);
  expect(taken).toBeLessThan(195);
  expect(await from("198.51.100.7", replicas[0])).toBe(true);
  const kept = await redis.client.keys(`${shared.REDIS_PREFIX}directory:{@rate-*`);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.join(), "no address in the store").not.toContain("203.0.113");
});
