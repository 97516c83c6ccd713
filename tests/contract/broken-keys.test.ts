import type { Broker } from "../../server/broker/broker";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { draft, enter, freshId, ObservedRoom, renameAs } from "./observed-room";

/** Another program wrote under one of our keys: that room gets an error, no step is half-written, and other rooms continue. */

const parts = [
  "room",
  "feed",
  "dedupe",
  "connections",
  "members",
  "counts",
  "names",
  "skeletons",
  "amended",
  "authors",
  "untold",
] as const;
const historyLimit = 5;

/**
 * A room with two members and a full feed: every step trims it. Some entries have been moved for a removal.
 * `said` is the number of the newest message.
 */
async function fullRoom(broker: Broker): Promise<{ room: string; said: number }> {
  const room = freshId("room");
  await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "a" });
  await enter(broker, room, "a", `${room}-a1`);
  await enter(broker, room, "b", `${room}-b1`);
  const say = async (text: string) => (await broker.feed.publish(room, `${room}-a1`, draft(text))).seq;
  for (let index = 0; index < 2 * historyLimit; index += 1) await say(`${index}`);
  await broker.feed.remove(room, `${room}-a1`, await say("removed"));
  return { room, said: await say("the last") };
}

/** Every key of a room with its content, to the byte. */
async function contents({ client }: RedisServer, keysOfRoom: string): Promise<Record<string, string>> {
  const keys = (await client.keys(keysOfRoom)).sort();
  const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
  return Object.fromEntries(keys.map((key, index) => [key, dumps[index]?.toString("hex") ?? ""]));
}

/** Replaces a key by one of another kind. Returns a function that puts it back. */
async function breakKey({ client }: RedisServer, key: string): Promise<() => Promise<void>> {
  const aside = `aside:${key}`;
  const isThere = (await client.exists(key)) === 1;
  if (isThere) await client.rename(key, aside);
  await client.set(key, "something else wrote this");
  return async () => {
    if (isThere) await client.rename(aside, key);
    else await client.del(key);
  };
}

for (const part of parts) {
  test(`[C-3] with a ${part} of the wrong kind every step is whole or refused as internal, and works again once it is mended`, async ({
    redis,
    prefix,
    openBroker,
  }) => {
    const broker = await openBroker({ historyLimit });
    const { room, said } = await fullRoom(broker);
    const steps: Record<string, () => Promise<unknown>> = {
      publish: () => broker.feed.publish(room, `${room}-a1`, draft("now")),
      enter: () => enter(broker, room, "c", `${room}-c1`),
      "enter with a second tab": () => enter(broker, room, "a", `${room}-a2`),
      rename: () => renameAs(broker, room, "a", `${room}-a1`, "another"),
      remove: () => broker.feed.remove(room, `${room}-a1`, said),
      leave: () => broker.membership.leave(room, `${room}-b1`),
      forget: () => broker.rooms.forget(room, "a"),
      read: () => broker.feed.read(room, { limit: 9 }),
    };
    const mend = await breakKey(redis, `${prefix}{${room}}:${part}`);
    const refused: string[] = [];
    for (const [step, take] of Object.entries(steps)) {
      const before = await contents(redis, `${prefix}{${room}}:*`);
      const outcome = await take().then(
        () => "done",
        (error: { code?: string }) => error.code,
      );
      if (outcome === "done") continue;
      expect(outcome, step).toBe("internal");
      expect(await contents(redis, `${prefix}{${room}}:*`), `${step} left no trace`).toEqual(before);
      refused.push(step);
    }
    expect(refused.length, "the wrong kind has an effect").toBeGreaterThan(0);
    await enter(broker, "lobby", "a", "in-the-lobby");
    await broker.feed.publish("lobby", "in-the-lobby", draft("undisturbed"));

    await mend();
    for (const step of refused) await steps[step]?.();
    const { entries, head } = await broker.feed.read(room, { limit: 9 });
    expect(entries.map(({ seq }) => seq)).toEqual(
      entries.map((_, place) => head - entries.length + 1 + place),
    );
  });
}

for (const part of ["room", "members"] as const)
  test(`[C-8] a room with a ${part} of the wrong kind has no summary, and other rooms keep theirs`, async ({
    redis,
    prefix,
    openBroker,
  }) => {
    const broker = await openBroker({ historyLimit });
    const [broken, whole] = [(await fullRoom(broker)).room, (await fullRoom(broker)).room];
    const mend = await breakKey(redis, `${prefix}{${broken}}:${part}`);
    expect(await broker.rooms.summaries([broken, whole])).toEqual([
      undefined,
      expect.objectContaining({ id: whole }),
    ]);
    await mend();
    expect(await broker.rooms.summaries([broken, whole])).toMatchObject([{ id: broken }, { id: whole }]);
  });

for (const part of parts)
  test(`[C-3] with a ${part} of the wrong kind a room is closed completely or not at all`, async ({
    redis,
    prefix,
    openBroker,
  }) => {
    const broker = await openBroker({ historyLimit });
    const { room } = await fullRoom(broker);
    const mend = await breakKey(redis, `${prefix}{${room}}:${part}`);
    const before = await contents(redis, `${prefix}{${room}}:*`);
    const outcome = await broker.rooms.close(room, `${room}-a1`).then(
      () => "closed",
      (error: { code?: string }) => error.code,
    );
    if (outcome !== "closed") {
      expect(outcome).toBe("internal");
      expect(await contents(redis, `${prefix}{${room}}:*`)).toEqual(before);
      await mend();
      await broker.rooms.close(room, `${room}-a1`);
    }
    const { entries, isClosed } = await broker.feed.read(room, { limit: 1 });
    expect([entries[0]?.kind, isClosed]).toEqual(["closed", true]);
  });

test("[N-2] a room with a key of the wrong kind does not delay departures elsewhere, and its own happen once it is mended", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker({ historyLimit });
  const { room } = await fullRoom(broker);
  await enter(broker, "lobby", "a", "a1");
  await enter(broker, "lobby", "b", "b1");
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  const departures = () => redis.client.zrange(`${prefix}departures`, "0", "-1");
  const mend = await breakKey(redis, `${prefix}{${room}}:names`);
  broker.membership.depart(room, `${room}-b1`, 0);
  await until("the departure", async () => (await departures()).length === 1);
  broker.membership.depart("lobby", "b1", 0);
  await observed.first((entry) => entry.kind === "leave");
  await until("the other departure is done", async () => (await departures()).length === 1);
  const [kept = ""] = await departures();
  expect(kept).toContain(`${room}-b1`);

  await mend();
  const watch = await ObservedRoom.follow(broker, room);
  await redis.client.zadd(`${prefix}departures`, 0, kept);
  await watch.observed.first((entry) => entry.kind === "leave");
  await until("nothing to be done", async () => (await departures()).length === 0);
});

test("[N-2] [N-3] presence works beside a list of the wrong kind, and fully again once that is gone", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  const leave = async (visitor: string) => {
    await enter(broker, "lobby", visitor, `${visitor}1`);
    broker.membership.depart("lobby", `${visitor}1`, 0);
    await observed.first((entry) => entry.kind === "leave" && entry.by.id === visitor);
  };
  await enter(broker, "lobby", "a", "a1");
  const replicas = `${prefix}replicas`;
  const listed = await redis.client.smembers(replicas);
  await breakKey(redis, replicas);
  await leave("b");
  expect(broker.isReachable()).toBe(true);
  await redis.client.del(replicas);
  // The replica must be on the list again: otherwise no replica would remove its members if it died now.
  await until("the list", async () => (await redis.client.smembers(replicas)).join() === listed.join());

  await redis.client.set(`${prefix}departures`, "something else wrote this");
  const [lease = ""] = await redis.client.keys(`${prefix}replica:*:lease`);
  await redis.client.pexpire(lease, 3_000);
  await until("a renewal", async () => (await redis.client.pttl(lease)) > 5_000);
  await enter(broker, "lobby", "c", "c1");
  broker.membership.depart("lobby", "c1", 0);
  await redis.client.del(`${prefix}departures`);
  await observed.first((entry) => entry.kind === "leave" && entry.by.id === "c");
});
