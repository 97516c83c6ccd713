import { leaveGraces } from "../../server/broker/membership";
import { expect, test } from "../support/fixtures";
import { leavesOf, leftAt, outlast } from "../support/leaves";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

/** How much later than promised a busy machine may be. */
const busyMs = 7_000;
/** Later than the promised 5 s on a busy machine, and sooner than after the grace of a lost network. */
const closedWithinMs = 8_000;

const waysToClose: Record<string, (visitor: WireVisitor) => void> = {
  "a disconnect packet": (visitor) => visitor.close(),
  "close 1000": (visitor) => visitor.closeTab(1000),
  "close 1001": (visitor) => visitor.closeTab(1001),
  "close without a code": (visitor) => visitor.closeTab(),
};

for (const isBusy of [false, true]) {
  test(`[N-2] a closed tab has left after 3 s, and others know within 5 s, in a ${isBusy ? "busy" : "quiet"} room`, async ({
    startReplicas,
    startFront,
    connect,
  }) => {
    const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
    const front = await startFront([one.port]);
    // Closing takes a round trip, and during it the replica may still write to the closing tab.
    front.lagMs = isBusy ? 50 : 0;
    const witness = await connect({ url: other.url });
    await witness.join("lobby");
    const leavers = [];
    for (const [way, close] of Object.entries(waysToClose)) {
      const leaver = await connect({ url: front.url });
      await leaver.join("lobby");
      leavers.push({ way, close, leaver });
    }
    let isOver = false;
    const talk = async () => {
      while (isBusy && !isOver) await witness.say("lobby", "on and on");
    };
    const talking = talk().catch(() => undefined); // A test that fails above closes the witness.
    for (const { leaver } of leavers)
      await leaver.waitFor("the talk", () => !isBusy || leaver.log("lobby").texts.length > 9);

    const closedAt = Date.now();
    for (const { close, leaver } of leavers) close(leaver);
    for (const { way, leaver } of leavers) {
      const after = (await leftAt(witness, leaver)) - closedAt;
      expect(after, way).toBeGreaterThanOrEqual(3_000);
      expect(after, way).toBeLessThan(closedWithinMs);
      expect(leavesOf(witness, leaver)).toHaveLength(1);
    }
    isOver = true;
    await talking;
  });
}

test("[N-1] [N-2] a reload causes no notice, on the same replica or on another", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const latecomer = await connect({ url: one.url });
  await latecomer.join("lobby");
  for (const next of [one, other]) {
    const before = await connect({ url: one.url });
    const { self } = await before.join("lobby");
    before.closeTab(1001);
    await before.gone();
    const after = await connect({ url: next.url, token: before.token });
    expect((await after.join("lobby")).self).toEqual(self);
  }
  await outlast(witness, latecomer);
  expect(witness.log("lobby").entries.map(({ kind }) => kind)).toEqual([
    "join",
    "join",
    "join",
    "join",
    "leave",
  ]);
});

test("[N-2] a visitor whose network drops has time to return: others are told of its leave between 10 and 25 s later", async ({
  startReplicas,
  startFront,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const front = await startFront([one.port]);
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const [cut, silent] = await Promise.all([connect({ url: one.url }), connect({ url: front.url })]);
  await Promise.all([cut.join("lobby"), silent.join("lobby")]);
  const lostAt = Date.now();
  cut.vanish();
  front.blackHole();
  // The end of a TCP connection is detected at once; silence takes up to 15 s.
  const afterCut = (await leftAt(witness, cut, 20_000)) - lostAt;
  expect(afterCut).toBeGreaterThanOrEqual(10_000);
  expect(afterCut).toBeLessThan(leaveGraces.lostMs + busyMs);
  const afterSilence = (await leftAt(witness, silent, 30_000)) - lostAt;
  expect(afterSilence).toBeGreaterThanOrEqual(10_000);
  expect(afterSilence).toBeLessThan(leaveGraces.lostMs + 15_000 + busyMs);
});

test("[N-2] a visitor whose network comes back in time causes no notice", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const [dropped, lost] = await Promise.all([connect({ url: one.url }), connect({ url: one.url })]);
  await Promise.all([dropped.join("lobby"), lost.join("lobby")]);
  dropped.vanish();
  const back = await connect({ url: other.url, token: dropped.token });
  await back.join("lobby", dropped.log("lobby").cursor);
  lost.vanish();
  await leftAt(witness, lost, 20_000);
  expect(leavesOf(witness, dropped)).toEqual([]);
  expect((await witness.join("lobby")).memberCount).toBe(2);
});

test("[N-2] [C-6] room:leave causes a notice at once; the member leaves with its last connection", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const first = await connect({ url: one.url });
  await first.join("lobby");
  const neighbour = await connect({ url: one.url });
  await neighbour.join("lobby");
  const second = await connect({ url: other.url, token: first.token });
  await second.join("lobby");

  await first.must("room:leave", { room: "lobby" });
  await second.say("lobby", "still here");
  await witness.waitFor("the message", () => witness.log("lobby").texts.includes("still here"));
  expect(leavesOf(witness, first)).toEqual([]);
  // When its replica has delivered the message, an answer comes later than the message could.
  await neighbour.waitFor("the message", () => neighbour.log("lobby").texts.includes("still here"));
  expect(await first.ask("room:leave", { room: "lobby" })).toMatchObject({ error: { code: "not_joined" } });
  expect(first.log("lobby").texts, "a connection that has left receives nothing").toEqual([]);

  const askedAt = Date.now();
  await second.must("room:leave", { room: "lobby" });
  expect((await leftAt(witness, first)) - askedAt, "without a grace").toBeLessThan(leaveGraces.closedMs);
  expect(leavesOf(witness, first)).toHaveLength(1);
});

test("[ID-4] [N-1] two tabs are one member, which leaves when the second one closes", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const first = await connect({ url: one.url });
  const { self } = await first.join("lobby");
  const second = await connect({ url: other.url, token: first.token });
  const joined = await second.join("lobby");
  expect(joined.self).toEqual(self);
  expect(joined.memberCount).toBe(2);
  expect(joined.members.map(({ id }) => id).sort()).toEqual([witness.id, first.id].sort());
  // A connection that joins again gets an answer, and changes nothing.
  expect(await second.join("lobby")).toMatchObject({ self, memberCount: 2 });

  const latecomer = await connect({ url: one.url });
  await latecomer.join("lobby");
  first.close();
  await outlast(witness, latecomer);
  expect(leavesOf(witness, first)).toEqual([]);
  second.close();
  await leftAt(witness, first);
  const ofThem = witness.log("lobby").entries.filter((entry) => "by" in entry && entry.by.id === first.id);
  expect(ofThem.map(({ kind }) => kind)).toEqual(["join", "leave"]);
});

test("[ID-3] a visitor that leaves frees its name, and gets it again when it returns", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const { self } = await visitor.join("lobby");
  await visitor.must("room:leave", { room: "lobby" });
  expect((await visitor.join("lobby")).self).toEqual(self);
});
