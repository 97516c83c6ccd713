import { startChild } from "../support/child";
import { expect, test } from "../support/fixtures";
import { leavesOf, outlast } from "../support/leaves";
import { freePort } from "../support/ports";
import { buildFolder, type Replica } from "../support/replica";
import { until } from "../support/until";
import { upgrade } from "../support/upgrade";
import type { WireVisitor } from "../support/wire-visitor";

test("[W-2] [N-1] a replica that gets SIGTERM moves its visitors away without a notice, and ends with 0", async ({
  startReplicas,
  connect,
}) => {
  const drainMs = 8_000;
  const [old, other] = (await startReplicas(2, { DRAIN_MS: String(drainMs) })) as [Replica, Replica];
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const visitors = await Promise.all(Array.from({ length: 8 }, () => connect({ url: old.url })));
  await Promise.all(visitors.map((visitor) => visitor.join("lobby")));
  await witness.waitFor("all of them", () => witness.log("lobby").entries.length === 9);

  const exit = old.stop();
  const drains = await Promise.all(visitors.map((visitor) => visitor.event("replica:draining")));
  const moments = drains.map(({ afterMs }) => afterMs);
  for (const moment of moments) {
    expect(moment).toBeGreaterThanOrEqual(0);
    expect(moment, "the last client, too, has time to move").toBeLessThanOrEqual(drainMs * 0.8);
  }
  expect(new Set(moments).size, "not all at once").toBeGreaterThan(4);
  const status = await old.get("/api/socket");
  expect([status.status, await status.json()]).toEqual([503, { status: "draining" }]);
  expect((await old.get("/api/ready")).status).toBe(503);
  expect((await old.get("/api/health")).status).toBe(200);
  expect(await upgrade(old.url)).toBe(503);

  const [speaker] = visitors as [WireVisitor];
  await speaker.say("lobby", "the old connection still works");
  const moved = visitors.map(async (visitor) => {
    const next = await connect({ url: other.url, token: visitor.token });
    await next.join("lobby", visitor.log("lobby").cursor);
    visitor.close();
    return next;
  });
  for (const next of await Promise.all(moved)) expect(visitors.map(({ id }) => id)).toContain(next.id);
  expect(await exit).toEqual({ code: 0, signal: null });

  // This tab closes after all the others moved: once it has left, no wrong leave of another can still come.
  const latecomer = await connect({ url: other.url });
  await latecomer.join("lobby");
  await outlast(witness, latecomer);
  const kinds = witness.log("lobby").entries.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "leave")).toHaveLength(1);
  expect(kinds.filter((kind) => kind === "join")).toHaveLength(10);
});

test("[W-2] a client that does not move is disconnected when the time is up, and comes back without a notice", async ({
  startReplicas,
  startFront,
  connect,
}) => {
  const [old, other] = (await startReplicas(2, { DRAIN_MS: "1000" })) as [Replica, Replica];
  const front = await startFront([old.port, other.port]);
  front.pinNext(old.port);
  const visitor = await connect({ url: front.url, reconnection: true });
  const { self } = await visitor.join("lobby");
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const stoppedAt = Date.now();
  expect(await old.stop()).toEqual({ code: 0, signal: null });
  expect(Date.now() - stoppedAt).toBeLessThan(6_000);
  const latecomer = await connect({ url: other.url });
  await latecomer.join("lobby");
  await visitor.waitFor(
    "the return",
    () => visitor.events.filter(({ name }) => name === "session:started").length === 2,
  );
  expect(visitor.id).toBe(self.id);
  // The replica cut the connection, so it counts as lost.
  await outlast(witness, latecomer, "lost");
  await witness.say("lobby", "welcome back");
  await visitor.waitFor("the welcome", () => visitor.log("lobby").texts.includes("welcome back"));
  expect(visitor.log("lobby").faults).toEqual([]);
  expect(leavesOf(witness, visitor)).toEqual([]);
  const kinds = witness.log("lobby").entries.map(({ kind }) => kind);
  expect(kinds).toEqual(["join", "join", "join", "leave", "message"]);
});

test("[W-2] a lone replica in memory drains too, and Ctrl-C ends it as well", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ REDIS_URL: undefined, SESSION_SECRET: undefined, DRAIN_MS: "300" });
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  expect(await replica.stop()).toEqual({ code: 0, signal: null });
  await visitor.gone();
});

test("Ctrl-C ends the replica at once, with a visitor connected and a long DRAIN_MS", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ DRAIN_MS: "600000" });
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  expect(await replica.interrupt()).toEqual({ code: 0, signal: null });
});

test("a second signal, a while after the first, ends a drain at once", async ({ startReplica, connect }) => {
  const replica = await startReplica({ DRAIN_MS: "600000" });
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  const exit = replica.stop();
  await visitor.event("replica:draining");
  const nudge = setInterval(() => void replica.stop(), 200);
  expect((await exit).code).toBe(1);
  clearInterval(nudge);
});

test("npm start hands SIGTERM on to the server, which ends", async () => {
  const port = String(await freePort());
  const env = { ...process.env, PORT: port, HOSTNAME: "127.0.0.1", REDIS_URL: "" };
  const npm = startChild("npm", ["start"], { cwd: buildFolder, env });
  const isThere = () => fetch(`http://127.0.0.1:${port}/api/socket`).then(({ ok }) => ok);
  await until("npm start", isThere);
  npm.signal("SIGTERM");
  await npm.exit;
  await until("the end of the server", () =>
    isThere().then(
      () => false,
      () => true,
    ),
  );
});
