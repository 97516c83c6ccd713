import { leaveGraces } from "../../server/broker/membership";
import { askAccount, mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import { connectVisitor } from "../support/wire-visitor";

const readable = /^[34679ACDEFGHJKMNPQRTWXY]{4}(?:-[34679ACDEFGHJKMNPQRTWXY]{4}){3}$/;
const tenMinutes = 10 * 60_000;

test("[H-3] a transfer code makes another device on another replica the same member, counted once", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const phone = await connect({ url: one.url });
  const { self } = await phone.join("lobby");
  const before = Date.now();
  const { code, expiresAt } = await mustAccount(one.url, "transfer", { token: phone.token });
  expect(code).toMatch(readable);
  expect(Math.abs(expiresAt - before - tenMinutes)).toBeLessThan(5_000);

  const isGood = async () =>
    (await mustAccount(other.url, "status", { token: phone.token, body: { code } })).good;
  expect(await isGood()).toBe(true);
  const typed = ` ${code.toLowerCase().replaceAll("-", " ")} `;
  const { visitor, token } = await mustAccount(other.url, "claim", { body: { code: typed } });
  expect(visitor).toEqual({ id: phone.id });
  expect(await isGood(), "it has been used").toBe(false);
  const laptop = await connect({ url: other.url, token });
  const joined = await laptop.join("lobby");
  expect([joined.self, joined.memberCount]).toEqual([self, 1]);
  await laptop.say("lobby", "from the laptop");
  expect(await phone.entry("lobby", ({ kind }) => kind === "message")).toMatchObject({ by: self });
  expect(
    phone.log("lobby").entries.map(({ kind }) => kind),
    "nobody came",
  ).toEqual(["join", "message"]);
});

test("[H-3] when a code is claimed twenty times at once over two replicas, one claim succeeds", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const visitor = await connect({ url: replicas[0].url });
  for (let round = 0; round < 5; round += 1) {
    const { code } = await mustAccount(replicas[0].url, "transfer", { token: visitor.token });
    const claims = Array.from({ length: 20 }, (_, index) =>
      askAccount(replicas[index % 2]?.url ?? "", "claim", { body: { code } }),
    );
    const answers = await Promise.all(claims);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(410)]);
  }
});

test("[H-3] a code that is wrong, used, or of a visitor that has logged out gets the same answer", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const transfer = () => mustAccount(replica.url, "transfer", { token: visitor.token });
  const [taken, ended] = [await transfer(), await transfer()];
  await mustAccount(replica.url, "claim", { body: taken });
  await mustAccount(replica.url, "log-out", { token: visitor.token });
  const wrong = ["3333-3333-3333-3333", "no code at all", "", "x".repeat(5_000), taken.code, ended.code];
  const answers = await Promise.all(
    wrong.map((code) => askAccount(replica.url, "claim", { body: { code } })),
  );
  for (const { status, body } of answers) {
    expect(status).toBe(410);
    expect(body).toEqual(answers[0]?.body);
    expect(body.error).toMatchObject({ code: "expired", retryable: false });
  }
});

test("[H-3] the store keeps a code for ten minutes at most, and not in a form that could be claimed", async ({
  startReplica,
  connect,
  redis,
  shared,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const { code } = await mustAccount(replica.url, "transfer", { token: visitor.token });
  const keys = await redis.client.keys(`${shared.REDIS_PREFIX}{@accounts}:*`);
  const kept = keys.find((key) => key.includes(":code:")) ?? "";
  // The visitor, its generation, and the time of its first visit.
  expect(await redis.client.get(kept)).toMatch(new RegExp(`^${visitor.id} 0 \\d{13}$`));
  const left = await redis.client.pttl(kept);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(tenMinutes);
  expect(keys.join().toUpperCase()).not.toContain(code.replaceAll("-", ""));
  expect(keys.join(), "nor the address that asked").not.toContain("127.0.0.1");
  await redis.client.pexpire(kept, 0);
  expect(await askAccount(replica.url, "claim", { body: { code } })).toMatchObject({ status: 410 });
});

test("[H-5] codes can be made and tried a limited number of times, over both replicas together", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const visitor = await connect({ url: one.url });
  const ask = (action: string, count: number, question: object) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        askAccount((index % 2 === 0 ? one : other).url, action, question),
      ),
    );
  const transfers = await ask("transfer", 8, { token: visitor.token });
  expect(transfers.filter(({ status }) => status === 200)).toHaveLength(5);
  const claims = await ask("claim", 24, { body: { code: "wrong" } });
  const refused = claims.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(4);
  for (const { body, headers } of refused) {
    const { code, retryAfterMs = 0 } = body.error ?? {};
    expect(code).toBe("rate_limited");
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(tenMinutes);
    expect(Number(headers.get("retry-after"))).toBe(Math.ceil(retryAfterMs / 1_000));
  }
  const stranger = await connect({ url: one.url });
  await mustAccount(one.url, "transfer", { token: stranger.token });
});

test("[ID-1] logging out ends the visitor's tokens, and its connections on both replicas within seconds; others stay", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const here = await connect({ url: one.url });
  const there = await connect({ url: other.url, token: here.token });
  const witness = await connect({ url: other.url });
  for (const visitor of [here, there, witness]) await visitor.join("lobby");
  const { token } = here;
  const fresh = await mustAccount(one.url, "log-out", { token });
  await Promise.all([here.gone(), there.gone()]);
  const goneAt = Date.now();
  const reasons = [here, there].map((visitor) => visitor.disconnectReason);
  expect(reasons, "with this reason a client comes back by itself").toEqual([
    "transport close",
    "transport close",
  ]);
  const leave = await witness.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === here.id);
  expect(
    leave.at - goneAt,
    "there is no wait for its return, as there is after a dropped network",
  ).toBeLessThan(leaveGraces.lostMs);

  for (const { url } of [one, other]) {
    const refusal = await connectVisitor({ url, token }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ data: { code: "invalid_token", retryable: false } });
    for (const action of ["transfer", "log-out"])
      expect(await askAccount(url, action, { token })).toMatchObject({ status: 401 });
  }
  const renewed = await connect({ url: other.url, token: fresh.token });
  expect(renewed.id).toBe(fresh.visitor.id);
  expect(renewed.id).not.toBe(here.id);
  expect(witness.socket.connected).toBe(true);
});

test("[ID-1] while Redis is away a token lets a visitor in but do nothing; an ended token is refused, or closed when Redis is back", async ({
  ownRedis,
  startReplica,
  launchReplica,
  connect,
}) => {
  const outage = { REDIS_URL: ownRedis.url };
  const replica = await startReplica(outage);
  const [honest, ended] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  const { token } = ended;
  await mustAccount(replica.url, "log-out", { token });
  await ended.gone();
  await ownRedis.kill();
  await replica.answers("/api/socket", 503);
  const refusal = await connectVisitor({ url: replica.url, token }).catch((error: unknown) => error);
  expect(refusal, "this replica has heard of the log-out").toMatchObject({ data: { code: "invalid_token" } });

  const newcomer = await launchReplica(outage);
  await newcomer.answers("/api/ready", 200, 20_000);
  const back = await connect({ url: newcomer.url, token: honest.token });
  const thief = await connect({ url: newcomer.url, token });
  expect(back.id).toBe(honest.id);
  expect(thief.token, "an unconfirmed token is not renewed").toBe(token);
  for (const visitor of [back, thief])
    expect(await visitor.ask("room:join", { room: "lobby" })).toMatchObject({
      error: { code: "unavailable" },
    });
  expect(await askAccount(newcomer.url, "transfer", { token: honest.token })).toMatchObject({ status: 503 });
  await ownRedis.restart();
  await newcomer.answers("/api/socket", 200, 20_000);
  await thief.gone();
  expect((await back.join("lobby")).memberCount).toBe(1);
});

test("[ID-1] a visitor let in unconfirmed while Redis was away does nothing until its token is confirmed", async ({
  ownRedis,
  shared,
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  const [known, thief, honest] = await Promise.all([1, 2, 3].map(() => connect({ url: replica.url })));
  const ended = `${shared.REDIS_PREFIX}{@accounts}:ended`;
  await ownRedis.client.zadd(ended, Date.now(), known?.id ?? "");
  await known?.gone();
  await ownRedis.kill();
  await replica.answers("/api/socket", 503);
  const back = await Promise.all(
    [thief, honest].map((visitor) => connect({ url: replica.url, token: visitor?.token ?? "" })),
  );
  await ownRedis.restart();
  // Older than all log-outs that the replica has read: only by asking can it learn of this one.
  await ownRedis.client.zadd(ended, 1, thief?.id ?? "");
  const outcomes = back.map((visitor) =>
    until("an outcome", async () => {
      const ack = await visitor.ask("room:join", { room: "lobby" }).catch(() => undefined);
      if (ack === undefined) return "closed";
      return ack.ok ? "joined" : ack.error.code !== "unavailable" && ack.error.code;
    }),
  );
  expect(["closed", "invalid_token"]).toContain(await outcomes[0]);
  expect(await outcomes[1]).toBe("joined");
  await back[0]?.gone();
});
