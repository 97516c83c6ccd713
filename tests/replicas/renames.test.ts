import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import type { Replica } from "../support/replica";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];

test("[ID-3] name:change reaches members on every replica as one rename, and the name lasts over tabs, leaving and returning", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const first = await connect({ url: one.url });
  const { self: before } = await first.join("lobby");
  const second = await connect({ url: other.url, token: first.token });
  await second.join("lobby");

  const { self } = await first.must("name:change", { room: "lobby", name: "  Brave\u3000Otter " });
  expect(self).toEqual({ id: first.id, name: "Brave Otter" });
  const entry = await witness.entry("lobby", ({ kind }) => kind === "rename");
  expect(entry).toMatchObject({ seq: 3, by: self, was: before.name });
  expect(await first.must("name:change", { room: "lobby", name: "Brave Otter" })).toMatchObject({ self });
  await second.say("lobby", "from the other tab");
  expect(await witness.entry("lobby", ({ seq }) => seq === 4)).toMatchObject({ kind: "message", by: self });

  for (const tab of [first, second]) await tab.must("room:leave", { room: "lobby" });
  await witness.entry("lobby", (leave) => leave.kind === "leave" && leave.by.name === "Brave Otter");
  expect((await second.join("lobby")).self).toEqual(self);
  expect(witness.log("lobby").faults).toEqual([]);
});

test("[ID-3] name:change without a name gives another random name each time, in the visitor's language", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url, locale: "ko" });
  const names = [(await visitor.join("lobby")).self.name];
  for (let count = 0; count < 10; count += 1)
    names.push((await visitor.must("name:change", { room: "lobby" })).self.name);
  names.forEach((name, index) => {
    expect(name).not.toBe(names[index - 1]);
    expect(name).toMatch(/^[가-힣 ]+$/u);
  });
  await visitor.entry("lobby", ({ seq }) => seq === 11);
  expect(visitor.log("lobby").entries.map(({ kind }) => kind)).toEqual(["join", ...Array(10).fill("rename")]);
});

test("[ID-3d] name suggestions are in the visitor's language and change nothing, and the visitor can take one of them", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url, locale: "ko" });
  const early = await visitor.must("name:suggest", {});
  expect(new Set(early.names).size, "also without a room").toBe(12);
  const { self } = await visitor.join("lobby");
  const { names } = await visitor.must("name:suggest", {});
  for (const name of names) expect(name).toMatch(/^[가-힣 ]+$/u);
  expect(names).not.toEqual(early.names);
  const [wanted = ""] = names.filter((name) => name !== self.name);
  expect((await visitor.must("name:change", { room: "lobby", name: wanted })).self.name).toBe(wanted);
  const { entries } = await visitor.must("history:read", { room: "lobby", limit: 10 });
  expect(entries.map(({ kind }) => kind)).toEqual(["join", "rename"]);
});

test("[W-6] refusals of name:change come in their order, and change nothing", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const [visitor, other] = [await connect({ url: replica.url }), await connect({ url: replica.url })];
  const refusal = async (room: string, name?: string) => {
    const ack = await visitor.ask("name:change", { room, ...(name !== undefined && { name }) });
    return ack.ok ? "ok" : ack.error.code;
  };
  expect(await refusal("no-such-room", "admin")).toBe("bad_request");
  expect(await refusal("no-such-room", "Otter")).toBe("room_not_found");
  expect(await refusal("lobby", "Otter")).toBe("not_joined");
  await other.must("room:join", { room: "lobby", name: "Otter" });
  await visitor.join("lobby");
  expect(await refusal("lobby", "ОTTER")).toBe("name_taken");
  expect(await refusal("lobby", "O\nT")).toBe("bad_request");
  await visitor.say("lobby", "the same");
  expect(visitor.log("lobby").cursor.seq).toBeLessThanOrEqual(3);
});

test("[C-7] a visitor may rename itself five times at once, and then every two seconds", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  const askedAt = performance.now();
  const acks = await Promise.all(
    Array.from({ length: 12 }, () => visitor.ask("name:change", { room: "lobby" })),
  );
  const tookMs = performance.now() - askedAt;
  expect(acks.slice(0, 5).map(({ ok }) => ok)).toEqual(Array(5).fill(true));
  expect(acks.filter(({ ok }) => ok).length).toBeLessThanOrEqual(5 + Math.floor(tookMs / 2_000));
  const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.error]))[0];
  expect(refused).toMatchObject({ code: "rate_limited", retryable: true });
  const waitMs = refused?.retryAfterMs ?? 0;
  expect(waitMs).toBeLessThanOrEqual(2_000);
  expect(waitMs + tookMs, "two seconds from the first one").toBeGreaterThan(1_900);
  await visitor.say("lobby", "a visitor that must wait with renaming may still speak");
});

test("[ID-3] when forty visitors on two replicas claim one name by renaming and joining, one gets it", async ({
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const visitors = await Promise.all(
    Array.from({ length: 40 }, (_, index) => connect({ url: replicas[index % 2]?.url ?? "" })),
  );
  const renaming = visitors.filter((_, index) => index % 4 < 2);
  for (const visitor of renaming) await visitor.join("lobby");
  for (let round = 0; round < 5; round += 1) {
    const name = `Prize ${round}`;
    const acks = await Promise.all(
      visitors.map((visitor) =>
        renaming.includes(visitor)
          ? visitor.ask("name:change", { room: "lobby", name })
          : visitor.ask("room:join", { room: "lobby", name }),
      ),
    );
    expect(acks.filter(({ ok }) => ok)).toHaveLength(1);
    for (const visitor of visitors)
      if (!renaming.includes(visitor)) await visitor.ask("room:leave", { room: "lobby" });
  }
});

test("[C-1] [F-1] a client that was away while names changed resumes without a hole, and gets the present members", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const stays = await connect({ url: one.url });
  await stays.join("lobby");
  const away = await connect({ url: one.url });
  await away.join("lobby");
  away.vanish();
  for (const name of ["Calm Heron", "Kind Crane"]) await stays.must("name:change", { room: "lobby", name });
  const back = await connect({ url: other.url, token: away.token });
  const answer = await resume(back, "lobby", away.log("lobby").cursor);
  expect(answer.entries).toMatchObject([
    { kind: "rename", by: { name: "Calm Heron" } },
    { kind: "rename", by: { name: "Kind Crane" }, was: "Calm Heron" },
  ]);
  expect(answer.members).toContainEqual({ id: stays.id, name: "Kind Crane" });
});
