import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

/** A returning visitor is back in 5 s; a busy machine takes longer. */
const returnMs = 8_000;
/** N-3: within this time a member that does not return has left. */
const leaveWithinMs = 20_000;

const noticesOf = (witness: WireVisitor, kind: "join" | "leave", id: string) =>
  witness.log("lobby").entries.filter((entry) => entry.kind === kind && entry.by.id === id);

test("[N-3] the visitors of a killed replica are back on the other in 5 s, as the same members and without a notice", async ({
  startReplicas,
  startFront,
  connect,
}) => {
  test.setTimeout(120_000);
  const [doomed, survivor] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const front = await startFront([doomed.port, survivor.port]);
  const enter = async (replica: Replica, reconnection: boolean) => {
    front.pinNext(replica.port);
    const visitor = await connect({ url: front.url, reconnection });
    const { self } = await visitor.join("lobby");
    return { visitor, self };
  };
  const witness = await enter(survivor, true);
  const returning = [await enter(doomed, true), await enter(doomed, true), await enter(doomed, true)];
  const leaving = [await enter(doomed, false), await enter(doomed, false)];

  let isOver = false;
  const said: string[] = [];
  const talk = [witness, ...returning].map(async ({ visitor }, speaker) => {
    for (let number = 0; !isOver; number += 1) {
      const text = `${speaker}: ${number}`;
      await insist(visitor, "lobby", text);
      said.push(text);
      await pause(20);
    }
  });
  await witness.visitor.waitFor("some talk", () => said.length > 100);

  const killedAt = Date.now();
  await doomed.kill();
  for (const { visitor, self } of returning) {
    const sessions = () => visitor.events.filter((event) => event.name === "session:started").length;
    await visitor.waitFor("the return", () => sessions() === 2, returnMs);
    expect(visitor.id).toBe(self.id);
  }
  const back = said.length;
  for (const { visitor } of returning)
    await visitor.waitFor("the talk going on", () => visitor.log("lobby").texts.length > back);
  expect(Date.now() - killedAt).toBeLessThan(returnMs);

  for (const { self } of leaving) {
    const isSeen = () => noticesOf(witness.visitor, "leave", self.id)[0];
    const leave = await witness.visitor.waitFor("the leave", isSeen, leaveWithinMs + 5_000);
    expect(leave).toMatchObject({ by: self });
    expect(leave.at - killedAt).toBeLessThan(leaveWithinMs);
  }
  isOver = true;
  await Promise.all(talk);
  await witness.visitor.say("lobby", "the end");

  for (const { visitor, self } of [witness, ...returning]) {
    await visitor.waitFor("the end", () => visitor.log("lobby").texts.includes("the end"));
    const { texts, faults, gaps } = visitor.log("lobby");
    expect(faults).toEqual([]);
    expect(gaps).toEqual([]);
    expect([...texts].sort(), "everything said, once").toEqual([...said, "the end"].sort());
    expect(noticesOf(witness.visitor, "leave", self.id)).toEqual([]);
    expect(noticesOf(visitor, "join", self.id).length).toBeLessThanOrEqual(1);
  }
  for (const { self } of leaving) expect(noticesOf(witness.visitor, "leave", self.id)).toHaveLength(1);
  const { self, memberCount } = await (returning[0] as { visitor: WireVisitor }).visitor.join("lobby");
  expect(self).toEqual(returning[0]?.self);
  expect(memberCount).toBe(4);
});

test("[N-3] when all replicas are killed, each member that does not return leaves once, after a replica is up again", async ({
  startReplicas,
  startReplica,
  connect,
}) => {
  test.setTimeout(120_000);
  const replicas = await startReplicas(2);
  const gone = await Promise.all(replicas.map(({ url }) => connect({ url })));
  await Promise.all(gone.map((visitor) => visitor.join("lobby")));
  await Promise.all(replicas.map((replica) => replica.kill()));

  const replica = await startReplica({ REPLICAS: "2" });
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const leaves = () => witness.log("lobby").entries.filter((entry) => entry.kind === "leave");
  await witness.waitFor("both leaves", () => leaves().length === 2, 40_000);
  expect(new Set(leaves().map((entry) => "by" in entry && entry.by.id))).toEqual(
    new Set(gone.map(({ id }) => id)),
  );
  expect((await witness.join("lobby")).memberCount).toBe(1);
});
