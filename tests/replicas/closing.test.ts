import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];

const codeOf = async (visitor: WireVisitor, name: string, input: object): Promise<string> => {
  const ack = await visitor.askRaw(name, input);
  return ack.ok ? "ok" : ack.error.code;
};

/** Every command on a room. */
const questions = (room: string): [string, object][] => [
  ["room:join", { room }],
  ["room:leave", { room }],
  ["room:close", { room }],
  ["name:change", { room }],
  ["message:send", { room, text: "hello", clientMessageId: "an-honest-one" }],
  ["message:remove", { room, seq: 4 }],
  ["history:read", { room, limit: 10 }],
];

test("room:close: all members are told once, on every replica, and every later command is room_closed", async ({
  startReplicas,
  connect,
  redis,
  shared,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const [owner, near, far, away, stranger] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
  ]);
  const { room } = await owner.must("room:create", { title: "Tea" });
  const members = [owner, near, far, away];
  for (const visitor of members) await visitor.join(room.id);
  await far.say(room.id, "good bye");
  await away.entry(room.id, ({ kind }) => kind === "message");
  away.vanish();
  const channels = async () =>
    ((await redis.client.pubsub("CHANNELS", `${shared.REDIS_PREFIX}*`)) as string[]).length;
  expect(await channels()).toBe(1);

  expect(await owner.must("room:close", { room: room.id })).toEqual({ ok: true });
  for (const visitor of [owner, near, far]) {
    const closed = await visitor.entry(room.id, ({ kind }) => kind === "closed");
    expect(closed).toMatchObject({ seq: 6, by: { id: owner.id } });
    for (const [name, input] of questions(room.id))
      expect(await codeOf(visitor, name, input), name).toBe("room_closed");
  }
  for (const [name, input] of questions(room.id))
    expect(await codeOf(stranger, name, input), name).toBe("room_closed");
  const back = await connect({ url: one.url, token: away.token });
  await expect(resume(back, room.id, away.log(room.id).cursor)).rejects.toThrow("room_closed");
  await until("the end of the subscriptions", async () => (await channels()) === 0);

  // Members of the closed room still enter and leave other rooms.
  for (const visitor of [near, far]) await visitor.join("lobby");
  far.close();
  await near.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === far.id);
  for (const visitor of [owner, near]) {
    expect(visitor.log(room.id).entries.filter(({ kind }) => kind === "leave")).toEqual([]);
    expect(visitor.log(room.id).faults).toEqual([]);
  }
  for (const replica of [one, other]) expect(replica.output()).not.toMatch(/"level":(50|60)/);
});

test("[W-6] room:close is the owner's; the lobby and others' rooms stay open", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const [owner, member] = await Promise.all([connect({ url: one.url }), connect({ url: other.url })]);
  const { room } = await owner.must("room:create", { title: "Tea" });
  expect(await codeOf(member, "room:close", { room: "no-such-room" })).toBe("room_not_found");
  for (const visitor of [owner, member])
    expect(await codeOf(visitor, "room:close", { room: room.id })).toBe("not_joined");
  for (const id of [room.id, "lobby"]) {
    await member.join(id);
    expect(await codeOf(member, "room:close", { room: id })).toBe("forbidden");
    await member.say(id, "still open");
  }
});

test("[C-3] a room closed while eight talk on two replicas: each has all that was acknowledged, and the end last", async ({
  startReplicas,
  connect,
}) => {
  const replicas = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const owner = await connect({ url: replicas[0].url });
  const { room } = await owner.must("room:create", { title: "Tea" });
  await owner.join(room.id);
  const talkers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => connect({ url: replicas[index % 2]?.url ?? "" })),
  );
  for (const talker of talkers) await talker.join(room.id);
  const stored: number[] = [];
  const talk = async (talker: WireVisitor): Promise<string> => {
    for (;;) {
      const ack = await talker.askRaw("message:send", {
        room: room.id,
        text: "on and on",
        clientMessageId: `message-${stored.length}-${talkers.indexOf(talker)}`,
      });
      if (!ack.ok) return ack.error.code;
      stored.push((ack as unknown as { seq: number }).seq);
    }
  };
  const talking = Promise.all(talkers.map(talk));
  await owner.waitFor("the talk", () => owner.log(room.id).messages.length > 100);
  await owner.must("room:close", { room: room.id });
  expect(new Set(await talking)).toEqual(new Set(["room_closed"]));
  for (const visitor of [owner, ...talkers]) {
    const end = await visitor.entry(room.id, ({ kind }) => kind === "closed");
    expect(visitor.log(room.id).cursor.seq).toBe(end.seq);
    expect(visitor.log(room.id).faults).toEqual([]);
  }
  const seqs = owner.log(room.id).messages.map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(stored)].sort((a, b) => a - b));
});
