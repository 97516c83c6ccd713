import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { longKnownToken } from "../support/settled-visitor";
import type { WireVisitor } from "../support/wire-visitor";

const unused = Array.from({ length: 200 }, (_, number) => `Room ${number}`);

/** Makes `count` rooms at once, over the connections in turn; resolves with the rooms made and the refusals. */
async function makeMany(connections: WireVisitor[], count: number) {
  const acks = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      (connections[index % connections.length] as WireVisitor).ask("room:create", {
        title: unused.pop() ?? "",
      }),
    ),
  );
  return {
    made: acks.flatMap((ack) => (ack.ok ? [ack.room] : [])),
    refusals: acks.flatMap((ack) => (ack.ok ? [] : [ack.error])),
  };
}

test("[C-9] a visitor may make five rooms an hour and have ten open, counted over both replicas, and an expired room frees its place", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const first = await connect({ url: one.url, token: await longKnownToken(shared) });
  const both = [first, await connect({ url: other.url, token: first.token })];
  const hourPasses = () => redis.client.del(`${shared.REDIS_PREFIX}directory:{${first.id}}:made`);

  const { made, refusals } = await makeMany(both, 12);
  expect(made).toHaveLength(5);
  for (const error of refusals) {
    expect(error).toMatchObject({ code: "rate_limited", retryable: true });
    expect(error.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(3_600_000);
  }
  const witness = await connect({ url: other.url, token: await longKnownToken(shared) });
  expect((await makeMany([witness], 1)).made, "one visitor's burst does not affect another").toHaveLength(1);

  await hourPasses();
  const more = await makeMany(both, 4);
  expect(more.made).toHaveLength(4);
  await hourPasses();
  const tenth = await makeMany(both, 12);
  expect(tenth.made).toHaveLength(1);
  expect(tenth.refusals.map(({ retryAfterMs }) => retryAfterMs)).toEqual(Array(11).fill(60_000));
  for (const { id } of [...made, ...more.made, ...tenth.made])
    expect((await witness.join(id)).room).toMatchObject({ owner: first.id });

  await hourPasses();
  await redis.client.pexpire(`${shared.REDIS_PREFIX}{${made[0]?.id}}:room`, 1);
  // Pretend that the places were taken longer ago than making a room can last.
  const open = `${shared.REDIS_PREFIX}directory:{${first.id}}:open`;
  for (const room of await redis.client.zrange(open, 0, "-1")) await redis.client.zadd(open, 1_000, room);
  expect((await makeMany(both, 3)).made).toHaveLength(1);
});

test("[C-9] [settings] with RATE_LIMITS=off there is no quota of rooms", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url });
  expect((await makeMany([visitor], 40)).made).toHaveLength(40);
});

test("[C-9] a lone replica counts in the same way", async ({ shared, startReplica, connect }) => {
  const replica = await startReplica({ REDIS_URL: undefined, REDIS_PREFIX: undefined });
  const visitor = await connect({ url: replica.url, token: await longKnownToken(shared) });
  const { made, refusals } = await makeMany([visitor], 8);
  expect([made.length, refusals.length]).toEqual([5, 3]);
  for (const { id } of made)
    expect(await visitor.ask("room:create", { room: id, title: "Again" })).toMatchObject({
      error: { code: "room_exists" },
    });
});
