import { randomUUID } from "node:crypto";
import { forgottenName } from "../../protocol/limits";
import { askAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import type { RedisServer } from "../support/redis-server";
import type { Replica } from "../support/replica";
import { until } from "../support/until";

const full = { ok: false, error: { code: "storage_full", retryable: true, retryAfterMs: 10_000 } };
const password = "a password that is hard to guess";

/** Sets Redis's memory limit so that it uses this share of it, and waits until the replicas know. */
async function useShare({ client }: RedisServer, share: number, replicas: readonly Replica[]): Promise<void> {
  const used = Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  await client.config("SET", "maxmemory", String(Math.ceil(used / share)));
  for (const replica of replicas)
    await until(`${share} on replica ${replica.port}`, async () => {
      const ratio = await replica.metric("madang_store_used_ratio");
      return Math.abs(ratio - share) < 0.02;
    });
}

test("as Redis fills up, every replica accepts less and less; at 100 % visitors and the owner can still delete", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  // Large enough that the writes of this test are a small share of it.
  await ownRedis.client.set("ballast", "x".repeat(50_000_000));
  const replicas = await startReplicas(2, { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" });
  const [one, other] = replicas as [Replica, Replica];
  const ann = await connect({ url: one.url });
  const ben = await connect({ url: other.url });
  const { room } = await ann.must("room:create", { title: "Tea" });
  for (const visitor of [ann, ben]) for (const id of ["lobby", room.id]) await visitor.join(id);
  const { room: direct } = await ann.must("direct:open", { with: ben.id });
  await ben.join(direct.id);
  const said = await ann.say("lobby", "a secret of Ann's");
  await ben.say("lobby", "a secret of Ben's");
  await ben.say(direct.id, "a secret between two");
  const message = (text: string) => ({ room: "lobby", clientMessageId: randomUUID(), text });

  expect(await one.metric("madang_store_used_ratio"), "without a bound").toBe(0);
  await useShare(ownRedis, 0.85, replicas);
  const cleo = await connect({ url: other.url });
  expect(await ben.ask("room:create", { title: "Coffee" })).toMatchObject(full);
  expect(await ben.ask("direct:open", { with: cleo.id })).toMatchObject(full);
  await ben.must("direct:open", { with: ann.id });
  const signUp = await askAccount(one.url, "sign-up", {
    token: ben.token,
    body: { handle: "heron", password },
  });
  expect([signUp.status, signUp.body.error?.code]).toEqual([507, "storage_full"]);
  await ben.must("message:send", message("at 85 %"));
  await cleo.join("lobby");

  await useShare(ownRedis, 0.97, replicas);
  for (const visitor of [ann, ben, cleo])
    expect(await visitor.ask("message:send", message("no"))).toMatchObject(full);
  expect(await ben.ask("name:change", { room: "lobby" })).toMatchObject(full);
  expect((await one.get("/api/ready")).status).toBe(200);
  await (await connect({ url: one.url })).join("lobby");

  await ownRedis.client.config("SET", "maxmemory", "1");
  const newcomer = await connect({ url: one.url });
  expect(await newcomer.ask("room:join", { room: "lobby" })).toMatchObject({
    error: { code: "storage_full" },
  });
  // Ann comes back on the other replica, as after a reload.
  const again = await connect({ url: other.url, token: ann.token });
  ann.closeTab();
  await again.must("direct:open", { with: ben.id });
  await again.join("lobby");
  await again.must("message:remove", { room: "lobby", seq: said.seq });
  await again.join(room.id);
  await again.must("room:close", { room: room.id });
  await cleo.must("room:leave", { room: "lobby" });
  await again.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === cleo.id);
  await ben.must("visitor:forget", {});
  await ben.gone();
  await again.entry("lobby", (entry) => entry.kind === "removal" && entry.forgotten === ben.id);
  const { entries } = await again.must("history:read", { room: "lobby", limit: 99 });
  expect(JSON.stringify(entries)).not.toMatch(/secret|85 %/);
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: "join", by: { id: ben.id, name: forgottenName } }),
  );
  expect(
    again.log("lobby").entries.filter((entry) => entry.kind === "leave" && entry.by.id === ann.id),
  ).toEqual([]);

  await ownRedis.client.config("SET", "maxmemory", "0");
  await until("room again", async () => (await again.ask("message:send", message("on"))).ok);
  await newcomer.join("lobby");
});
