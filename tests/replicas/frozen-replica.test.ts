import { randomUUID } from "node:crypto";
import { leaseMs } from "../../server/broker/redis/presence/presence-lease";
import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { MovingVisitor, resume } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const noticesOf = (witness: WireVisitor, { id }: WireVisitor) =>
  witness
    .log("lobby")
    .entries.filter((entry) => entry.kind !== "message" && "by" in entry && entry.by.id === id)
    .map(({ kind }) => kind);

test("[N-3] [C-2] a replica frozen for longer than its lease is fenced: its members join again, moved members cause no notice, and no message is stored twice", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  test.setTimeout(90_000);
  const [frozen, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const prefix = `${shared.REDIS_PREFIX}{lobby}:`;
  const incarnations = async () =>
    new Set((await redis.client.hkeys(`${prefix}connections`)).map((name) => name.split(":")[0]));
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const others = await incarnations();
  const [sender, reader, mover] = (await Promise.all(
    Array.from({ length: 3 }, () => connect({ url: frozen.url })),
  )) as [WireVisitor, WireVisitor, WireVisitor];
  const stayers = [sender, reader];
  const names = new Map<WireVisitor, unknown>();
  for (const visitor of [...stayers, mover]) names.set(visitor, (await visitor.join("lobby")).self);
  await witness.waitFor("all of them", () => witness.log("lobby").entries.length === 4);
  const before = await incarnations();
  const [ofFrozen = ""] = [...before].filter((name) => !others.has(name));

  frozen.pause();
  // It lapses before the clients give up their silent connections, 14 s after the last ping.
  expect(await redis.client.pexpire(`${shared.REDIS_PREFIX}replica:${ofFrozen}:lease`, 1_000)).toBe(1);
  // These wait in the socket's buffers while the replica is frozen.
  const buffered = insist(sender, "lobby", "from the buffer");
  const doubled = insist(mover, "lobby", "twice", "on-its-way-twice");
  const moved = await connect({ url: other.url, token: mover.token });
  expect((await resume(moved, "lobby", mover.log("lobby").cursor)).self).toEqual(names.get(mover));
  const receipt = await moved.say("lobby", "twice", "on-its-way-twice");
  for (const visitor of stayers)
    await witness.waitFor("the leave", () => noticesOf(witness, visitor).includes("leave"), 20_000);

  frozen.resume();
  await buffered;
  expect(await doubled, "the first receipt").toEqual(receipt);
  for (const visitor of stayers)
    await witness.waitFor("the return", () => noticesOf(witness, visitor).at(-1) === "join");
  await until("the old incarnation's end", async () => {
    const now = await incarnations();
    return now.size === 2 && [...now].filter((name) => before.has(name)).length === 1;
  });
  await moved.say("lobby", "the end");
  for (const visitor of [witness, moved, ...stayers]) {
    await visitor.waitFor("the end", () => visitor.log("lobby").texts.includes("the end"));
    const { faults, gaps, texts } = visitor.log("lobby");
    expect(faults).toEqual([]);
    expect(gaps).toEqual([]);
    expect([...texts].sort()).toEqual(["from the buffer", "the end", "twice"]);
  }
  for (const visitor of stayers) expect(noticesOf(witness, visitor)).toEqual(["join", "leave", "join"]);
  expect(noticesOf(witness, mover)).toEqual(["join"]);
  const { members, memberCount } = await witness.join("lobby");
  expect(memberCount).toBe(4);
  for (const visitor of [...stayers, mover]) expect(members).toContainEqual(names.get(visitor));
});

test("[N-3] when all replicas are suspended for longer than a lease, no member leaves, in any order of waking", async ({
  redis,
  startReplicas,
}) => {
  test.setTimeout(180_000);
  /** Returns false on a machine so slow that the second replica sleeps longer than it may. */
  async function suspendBoth(prefix: string): Promise<boolean> {
    const settings = { REDIS_PREFIX: prefix };
    const [early, late] = (await startReplicas(2, settings)) as [Replica, Replica];
    // A browser leaves a connection that is silent for 14 s, and comes back; on a slow machine that may happen here.
    const witness = await MovingVisitor.enter(early.url, "lobby");
    const sleeper = await MovingVisitor.enter(late.url, "lobby");
    const leases = () => redis.client.keys(`${prefix}replica:*:lease`);

    for (const replica of [early, late]) replica.pause();
    await until("the leases' end", async () => (await leases()).length === 0, 15_000);
    early.resume();
    const wokenAt = Date.now();
    const [lease = ""] = await until("a new lease", async () => {
      const present = await leases();
      return present.length > 0 && present;
    });
    // A renewal begins each round of the steps that take absent replicas' members away.
    for (let round = 1; round <= 3; round += 1) {
      await redis.client.pexpire(lease, leaseMs - 1_000);
      await until("its renewal", async () => (await redis.client.pttl(lease)) > leaseMs - 1_000);
    }
    const isInTime = Date.now() - wokenAt < leaseMs;
    late.resume();
    if (isInTime) {
      await sleeper.insist("good morning", "good-morning");
      const kinds = await until("the message", () => {
        const seen = witness.entries.map(({ kind }) => kind);
        return seen.at(-1) === "message" && seen;
      });
      expect(kinds).toEqual(["join", "join", "message"]);
    }
    for (const visitor of [witness, sleeper]) visitor.close();
    return isInTime;
  }
  for (let tries = 1; !(await suspendBoth(`madang:${randomUUID()}:`)); tries += 1)
    expect(tries, "this machine is too slow").toBeLessThan(4);
});
