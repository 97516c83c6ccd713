import { forgottenName } from "../../protocol/limits";
import { askAccount, mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import { connectVisitor } from "../support/wire-visitor";

const password = "a password that is hard to guess";

test("[ID-5] visitor:forget removes every text, name, token and the account on both replicas, and others are told once in each room", async ({
  startReplicas,
  connect,
  redis,
  shared,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const phone = await connect({ url: one.url });
  const { room } = await phone.must("room:create", { title: "Tea" });
  const named = (id: string, name: string) => phone.must("room:join", { room: id, name });
  await named("lobby", "Zorblax One");
  await named(room.id, "Zorblax Two");
  await mustAccount(one.url, "sign-up", { token: phone.token, body: { handle: "heron", password } });
  const laptop = await connect({ url: other.url, token: phone.token });
  const partner = await connect({ url: other.url });
  const { room: direct } = await phone.must("direct:open", { with: partner.id });
  await named(direct.id, "Zorblax Four");
  await phone.say(direct.id, "a secret between two");
  await partner.event("direct:changed");
  await laptop.join("lobby");
  const witness = await connect({ url: other.url });
  for (const id of ["lobby", room.id]) await witness.join(id);
  for (const text of ["the first secret", "the second secret"]) await phone.say("lobby", text);
  await laptop.say("lobby", "the third secret");
  await phone.say(room.id, "the fourth secret");
  await phone.must("name:change", { room: "lobby", name: "Zorblax Three" });
  await witness.say("lobby", "mine stays");

  const { token } = phone;
  expect(await phone.must("visitor:forget", {})).toEqual({ ok: true });
  await Promise.all([phone.gone(), laptop.gone()]);
  for (const id of ["lobby", room.id]) await witness.entry(id, ({ kind }) => kind === "removal");
  for (const id of ["lobby", room.id]) {
    const removals = witness.log(id).entries.filter(({ kind }) => kind === "removal");
    expect(removals, "one for each room").toHaveLength(1);
    const { entries } = await witness.must("history:read", { room: id, limit: 200 });
    expect(JSON.stringify(entries)).not.toMatch(/secret|Zorblax/);
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: "join", by: { id: phone.id, name: forgottenName } }),
    );
    expect(witness.log(id).faults).toEqual([]);
  }
  expect(JSON.stringify(witness.log("lobby").entries)).toContain("mine stays");

  await partner.join(direct.id);
  const between = await partner.must("history:read", { room: direct.id, limit: 200 });
  expect(JSON.stringify(between.entries)).not.toMatch(/secret|Zorblax/);
  const { conversations } = await partner.must("direct:list", {});
  expect(conversations).toMatchObject([{ partner: { id: phone.id, name: forgottenName }, unread: 0 }]);

  for (const { url } of [one, other]) {
    const refusal = await connectVisitor({ url, token }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ data: { code: "invalid_token" } });
    const login = await askAccount(url, "log-in", { body: { handle: "heron", password } });
    expect([login.status, login.body.error?.code]).toEqual([403, "forbidden"]);
  }
  const successor = await connect({ url: other.url });
  expect((await successor.must("room:join", { room: "lobby", name: "Zorblax Three" })).self.id).not.toBe(
    phone.id,
  );
  successor.close();
  await witness.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === successor.id);

  // The list of its visits stays a moment longer: the second run removes it.
  await until("no kept name, list or setting", async () => {
    const left = await redis.client.keys(`${shared.REDIS_PREFIX}*${phone.id}*`);
    return left.every((key) => key.endsWith(":visits"));
  });
});

test("[ID-5] when the replica that was asked dies before it is done, another one completes the forgetting", async ({
  startReplicas,
  connect,
  redis,
  shared,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const visitor = await connect({ url: one.url });
  await visitor.join("lobby");
  await visitor.say("lobby", "a secret");
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  await one.kill();
  // The state of the store when a replica dies right after the first step.
  await redis.client.zadd(`${shared.REDIS_PREFIX}directory:forgetting`, 0, `${visitor.id} 0`);
  await witness.entry("lobby", ({ kind }) => kind === "removal");
  const { entries } = await witness.must("history:read", { room: "lobby", limit: 200 });
  expect(JSON.stringify(entries)).not.toContain("secret");
  const refusal = await connectVisitor({ url: other.url, token: visitor.token }).catch((error) => error);
  expect(refusal).toMatchObject({ data: { code: "invalid_token" } });
  await until("the end of the forgetting", async () => {
    const { REDIS_PREFIX } = shared;
    return (await redis.client.exists(`${REDIS_PREFIX}directory:forgetting`)) === 0;
  });
});

test("[ID-5] the embedded broker forgets a visitor, too", async ({ startReplica, connect }) => {
  const replica = await startReplica({ REDIS_URL: undefined, SESSION_SECRET: undefined });
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  await visitor.say("lobby", "a secret");
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  await visitor.must("visitor:forget", {});
  await visitor.gone();
  await witness.entry("lobby", ({ kind }) => kind === "removal");
  const { entries } = await witness.must("history:read", { room: "lobby", limit: 200 });
  expect(JSON.stringify(entries)).not.toContain("secret");
});
