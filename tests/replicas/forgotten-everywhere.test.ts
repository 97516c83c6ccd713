import type { Redis } from "ioredis";
import { transferMs } from "../../server/accounts/transfers";
import { closedRoomMs } from "../../server/broker/rooms";
import { mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { settledToken } from "../support/settled-visitor";
import { until } from "../support/until";

const password = "a password that is hard to guess";
const hourMs = 3_600_000;

/** The whole content of a key, as text. */
async function contents(redis: Redis, key: string): Promise<string> {
  const read: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, 0, "-1", "WITHSCORES"),
    stream: () => redis.xrange(key, "-", "+"),
    list: () => redis.lrange(key, 0, -1),
  };
  const type = await redis.type(key);
  if (type === "none") return "";
  const found = read[type];
  if (found === undefined)
    throw new Error(`${key} is a ${type}: this test does not know how to look into it`);
  return `${key} ${JSON.stringify(await found())}`;
}

/** The keys whose name or content holds any of these words. */
async function keysWith(redis: Redis, prefix: string, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }))
    for (const key of keys as string[]) {
      const text = await contents(redis, key);
      if (words.some((word) => text.includes(word))) found.push(key.slice(prefix.length));
    }
  return [...new Set(found)].sort();
}

test("[ID-5] the store names a forgotten visitor only where the docs say so, after everything that a visitor can do", async ({
  startReplicas,
  connect,
  redis,
  shared,
}) => {
  const prefix = shared.REDIS_PREFIX ?? "";
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const settled = async (url: string) => connect({ url, token: await settledToken(shared, redis.client) });
  const ann = await settled(one.url);
  const ben = await settled(other.url);
  const cleo = await settled(one.url);
  const dora = await settled(other.url);
  const named = (visitor: typeof ann, room: string, name: string) =>
    visitor.must("room:join", { room, name });

  // Rooms of the visitor: one stays, one it never enters, one it closes.
  const { room: tea } = await ann.must("room:create", { title: "Tea" });
  const { room: unentered } = await ann.must("room:create", { title: "Never entered" });
  const { room: closed } = await ann.must("room:create", { title: "Closed" });
  await named(ann, "lobby", "Zorblax One");
  await named(ann, tea.id, "Zorblax Two");
  await named(ann, closed.id, "Zorblax Closed");
  await ann.say(closed.id, "a secret that closed");
  await ann.must("room:close", { room: closed.id });
  for (const visitor of [ben, cleo]) for (const id of ["lobby", tea.id]) await visitor.join(id);

  // Talk: messages, replies in both directions, removals by both, a rename, typing, a laptop.
  const first = await ann.say("lobby", "the first secret");
  await ben.must("message:send", {
    room: "lobby",
    clientMessageId: "reply-of-ben",
    text: "an answer",
    replyTo: first.seq,
  });
  const bens = await ben.say(tea.id, "said by Ben");
  await ann.must("message:send", {
    room: tea.id,
    clientMessageId: "reply-of-ann",
    text: "the second secret",
    replyTo: bens.seq,
  });
  await ann.must("message:remove", { room: tea.id, seq: bens.seq });
  const gone = await ann.say("lobby", "the third secret");
  await ann.must("message:remove", { room: "lobby", seq: gone.seq });
  await ann.must("name:change", { room: "lobby", name: "Zorblax Three" });
  await ann.must("typing:set", { room: "lobby", typing: true });
  const { room: bensRoom } = await ben.must("room:create", { title: "Ben's" });
  await ben.join(bensRoom.id);
  await named(ann, bensRoom.id, "Zorblax Four");
  const removedByBen = await ann.say(bensRoom.id, "the fourth secret");
  await ben.must("message:remove", { room: bensRoom.id, seq: removedByBen.seq });
  const laptop = await connect({ url: other.url, token: ann.token });
  await laptop.join("lobby");
  await laptop.say("lobby", "the fifth secret");

  // Conversations: one begun by the visitor, one by its partner, and one of two others.
  const { room: withBen } = await ann.must("direct:open", { with: ben.id });
  await named(ann, withBen.id, "Zorblax Five");
  await ann.say(withBen.id, "the sixth secret");
  await ben.join(withBen.id);
  await ben.say(withBen.id, "said back");
  const { room: withCleo } = await cleo.must("direct:open", { with: ann.id });
  await cleo.join(withCleo.id);
  await cleo.say(withCleo.id, "are you there");
  await ann.event("direct:changed", ({ room }) => room === withCleo.id);
  const { room: withDora } = await ann.must("direct:open", { with: dora.id });

  // Settings and accounts.
  await ann.must("visitor:block", { visitor: dora.id, blocked: true });
  await dora.must("visitor:block", { visitor: ann.id, blocked: true });
  await ann.must("direct:refuse", { refuse: true });
  await mustAccount(one.url, "sign-up", { token: ann.token, body: { handle: "zorblax", password } });
  await mustAccount(one.url, "transfer", { token: ann.token });

  const words = [ann.id, "Zorblax", "zorblax", "secret"];
  expect(
    (await keysWith(redis.client, prefix, words)).length,
    "the store names it in many keys",
  ).toBeGreaterThan(30);
  await ann.must("visitor:forget", {});
  await Promise.all([ann.gone(), laptop.gone()]);
  // The second run, which is due in a minute.
  const pending = `${prefix}directory:forgetting`;
  for (const member of await redis.client.zrange(pending, 0, "-1"))
    await redis.client.zadd(pending, "XX", 0, member);
  await until("the second time", async () => (await redis.client.exists(pending)) === 0);

  const within = async (key: string, ms: number) => {
    const left = await redis.client.pttl(prefix + key);
    expect(left, key).toBeGreaterThan(0);
    expect(left, key).toBeLessThanOrEqual(ms);
  };
  // A closed room expires within the hour, with all its messages.
  const inClosed = await keysWith(redis.client, `${prefix}{${closed.id}}`, words);
  for (const key of inClosed) await within(`{${closed.id}}${key}`, closedRoomMs);
  const left = (await keysWith(redis.client, prefix, words)).filter(
    (key) => !key.startsWith(`{${closed.id}}`),
  );
  const codes = left.filter((key) => key.startsWith("{@accounts}:code:"));
  expect(codes).toHaveLength(1);
  for (const code of codes) await within(code, transferMs);
  await within("directory:newcomers", hourMs);

  // These other keys have its id, and no more than the id (docs/decisions/051-remains-of-a-forgotten-visitor.md).
  const feeds = ["lobby", tea.id, bensRoom.id, withBen.id].flatMap((room) =>
    ["amended", "dedupe", "feed"].map((part) => `{${room}}:${part}`),
  );
  const known = [
    ...feeds,
    // The field that says who requested a conversation; an owner would be found below.
    ...[withBen.id, withDora.id].map((room) => `{${room}}:room`),
    ...codes,
    "{@accounts}:ended",
    // The record that a message of this visitor was removed.
    "{@moderation}:state",
    "directory:newcomers",
    ...[ben.id, cleo.id, dora.id].flatMap((partner) =>
      ["conversations", "requests"].map((list) => `directory:{${partner}}:${list}`),
    ),
    `directory:{${dora.id}}:blocked`,
  ];
  expect(left.filter((key) => !known.includes(key))).toEqual([]);
  const texts = await keysWith(redis.client, prefix, words.slice(1));
  expect(texts.filter((key) => !key.startsWith(`{${closed.id}}`))).toEqual([]);
  for (const room of [tea, unentered])
    expect(await redis.client.hget(`${prefix}{${room.id}}:room`, "owner")).toBe("");
  expect(await redis.client.exists(`${prefix}{${withDora.id}}:unread:${ann.id}`)).toBe(0);
});
