import type { HistoryAnswer } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import type { WireVisitor } from "../support/wire-visitor";

const count = 120;

async function fill(visitor: WireVisitor, messages = count): Promise<void> {
  await visitor.join("lobby");
  for (let number = 0; number < messages; number += 1) await visitor.say("lobby", `${number}`);
}

const seqs = ({ entries }: HistoryAnswer) => entries.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, step) => from + step);

test("[C-1] history:read pages back to the first entry, each page oldest first, and says whether there is more", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url });
  await fill(visitor);
  const head = count + 1; // The visitor's own join is the first entry.

  const newest = await visitor.must("history:read", { room: "lobby", limit: 50 });
  expect(seqs(newest)).toEqual(range(head - 49, head));
  expect(newest).toMatchObject({ more: true, epoch: visitor.log("lobby").cursor.epoch });
  const older = await visitor.must("history:read", { room: "lobby", before: head - 49, limit: 50 });
  expect(seqs(older)).toEqual(range(head - 99, head - 50));
  expect(older.more).toBe(true);
  const oldest = await visitor.must("history:read", { room: "lobby", before: head - 99, limit: 50 });
  expect(seqs(oldest)).toEqual(range(1, head - 100));
  expect(oldest.more).toBe(false);
  expect(await visitor.must("history:read", { room: "lobby", before: 1, limit: 50 })).toMatchObject({
    entries: [],
    more: false,
  });
});

test("[C-1] history:read with `after` reads forward, and with `before` as well reads the entries in between", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url });
  await fill(visitor);
  const next = await visitor.must("history:read", { room: "lobby", after: 10, limit: 5 });
  expect(seqs(next)).toEqual(range(11, 15));
  expect(next.more).toBe(true);
  const last = await visitor.must("history:read", { room: "lobby", after: count - 2, limit: 200 });
  expect(seqs(last)).toEqual(range(count - 1, count + 1));
  expect(last.more).toBe(false);
  const between = await visitor.must("history:read", { room: "lobby", after: 10, before: 14, limit: 200 });
  expect(seqs(between)).toEqual(range(11, 13));
  expect(between.more).toBe(false);
  const all = await visitor.must("history:read", { room: "lobby", after: 0, limit: 200 });
  expect(seqs(all)).toEqual(range(1, count + 1));
});

test("[C-1] history:read after a trimmed number returns the gap", async ({ startReplica, connect }) => {
  const replica = await startReplica({ RATE_LIMITS: "off", HISTORY_LIMIT: "20" });
  const visitor = await connect({ url: replica.url });
  await fill(visitor, 300);
  const answer = await visitor.must("history:read", { room: "lobby", after: 3, limit: 10 });
  const first = answer.entries[0]?.seq ?? 0;
  expect(answer.gap).toEqual({ from: 4, to: first - 1, reason: "trimmed" });
  expect(seqs(answer)).toEqual(range(first, first + 9));
});

test("[C-1] history is for members only", async ({ startReplica, connect }) => {
  const replica = await startReplica();
  const [member, stranger] = await Promise.all([
    connect({ url: replica.url }),
    connect({ url: replica.url }),
  ]);
  await member.join("lobby");
  await member.say("lobby", "among us");
  const refusal = (code: string) => ({ ok: false, error: { code, retryable: false } });
  expect(await stranger.ask("history:read", { room: "lobby", limit: 10 })).toMatchObject(
    refusal("not_joined"),
  );
  expect(await stranger.ask("history:read", { room: "no-such-room", limit: 10 })).toMatchObject(
    refusal("room_not_found"),
  );
  await member.must("room:leave", { room: "lobby" });
  expect(await member.ask("history:read", { room: "lobby", limit: 10 })).toMatchObject(refusal("not_joined"));
});

test("[C-6] a room made on one replica can be joined on the other at once, and its id cannot be taken again", async ({
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const [maker, guest] = (await Promise.all(replicas.map(({ url }) => connect({ url })))) as [
    WireVisitor,
    WireVisitor,
  ];
  const { room } = await maker.must("room:create", { room: "tea", title: "Tea time" });
  expect(room).toMatchObject({
    id: "tea",
    title: "Tea time",
    kind: "public",
    closed: false,
    owner: maker.id,
  });
  expect((await guest.join("tea")).room).toEqual(room);
  const refusal = (code: string) => ({ ok: false, error: { code, retryable: false } });
  expect(await guest.ask("room:create", { room: "tea", title: "Mine" })).toMatchObject(
    refusal("room_exists"),
  );
  for (const reserved of ["lobby", "post-anything"])
    expect(await guest.ask("room:create", { room: reserved, title: "Mine" })).toMatchObject(
      refusal("bad_request"),
    );
  expect(await guest.ask("room:join", { room: "coffee" })).toMatchObject(refusal("room_not_found"));
  expect(
    await maker.ask("message:send", { room: "tea", clientMessageId: "not-in-there", text: "?" }),
  ).toMatchObject(refusal("not_joined"));
});
