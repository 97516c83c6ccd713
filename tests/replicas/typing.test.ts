import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];

/** The typing members' ids, from each event about typing. */
const toldOf = (visitor: WireVisitor): string[] =>
  visitor.events.flatMap(({ name, body }) =>
    name === "typing:changed"
      ? [(body as { members: { id: string }[] }).members.map(({ id }) => id).join()]
      : [],
  );
const told = (visitor: WireVisitor, ids: string) =>
  visitor.waitFor(`"${ids}" typing`, () => toldOf(visitor).at(-1) === ids);

test("typing:set reaches every replica; typing ends by command, by sending, by leaving, with the tab, and by itself", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const typist = await connect({ url: one.url });
  const { self } = await typist.join("lobby");
  const begin = async () => {
    expect(await typist.must("typing:set", { room: "lobby", typing: true })).toEqual({ ok: true });
    await told(witness, typist.id);
  };

  await begin();
  expect(await witness.event("typing:changed")).toEqual({ room: "lobby", members: [self] });
  await typist.must("typing:set", { room: "lobby", typing: false });
  await told(witness, "");
  await begin();
  await typist.say("lobby", "said");
  await told(witness, "");
  const since = Date.now();
  await begin();
  await told(witness, "");
  expect(Date.now() - since, "it lapses").toBeGreaterThan(4_000);
  await begin();
  await typist.must("room:leave", { room: "lobby" });
  await told(witness, "");
  await typist.join("lobby");
  await begin();
  typist.close();
  await told(witness, "");
  expect(
    witness.log("lobby").entries.filter(({ kind }) => kind === "leave"),
    "typing ended with the tab, before its leave",
  ).toHaveLength(1);
});

test("a joining client learns of members who type now, and never of those who stopped", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const [first, second] = await Promise.all([connect({ url: one.url }), connect({ url: one.url })]);
  for (const visitor of [first, second]) await visitor.join("lobby");
  await first.must("typing:set", { room: "lobby", typing: true });
  await first.must("typing:set", { room: "lobby", typing: false });
  await second.must("typing:set", { room: "lobby", typing: true });
  await told(first, second.id);
  const near = await connect({ url: one.url });
  await near.join("lobby");
  await told(near, second.id);
  // A replica without members in the room has heard of no typing.
  const far = await connect({ url: other.url });
  await far.join("lobby");
  await second.say("lobby", "said");
  await far.entry("lobby", ({ kind }) => kind === "message");
  await told(near, "");
  expect(toldOf(near)).toEqual([second.id, ""]);
  expect(toldOf(far)).toEqual([]);
});

test("[W-6] [C-7] only members may report typing, and not too often", async ({ startReplica, connect }) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const refusal = async (room: string) => {
    const ack = await visitor.ask("typing:set", { room, typing: true });
    return ack.ok ? "ok" : ack.error.code;
  };
  expect(await refusal("no-such-room")).toBe("room_not_found");
  expect(await refusal("lobby")).toBe("not_joined");
  await visitor.join("lobby");
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => refusal("lobby")));
  expect(outcomes.slice(0, 8)).toEqual(Array(8).fill("ok"));
  expect(outcomes).toContain("rate_limited");
  await visitor.say("lobby", "a visitor that may not report typing may still speak");
});
