import type { Broker } from "../../server/broker/broker";
import { Random } from "../chaos/random";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock, headChecks } from "./hand-clock";
import { draft, enter, ObservedRoom, renameAs } from "./observed-room";

/** Removals in a real store, and on several replicas over it. Each broker stands for a replica. */

/** The whole content of a store's own files, as text. */
async function dump({ client }: RedisServer): Promise<string> {
  await client.config("SET", "rdbcompression", "no");
  const dumps = await Promise.all((await client.keys("*")).map((key) => client.dumpBuffer(key)));
  return dumps.map((bytes) => bytes?.toString("latin1")).join("\n");
}

const say = async (broker: Broker, text: string) =>
  (await broker.feed.publish("lobby", "a1", draft(text))).seq;
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, index) => from + index);

/** The message's place in its node of the stream, and the size of its neighbours. */
for (const [where, before, after, text] of [
  ["alone", 0, 0, "light"],
  ["among many light ones", 250, 250, "light"],
  ["behind light ones", 30, 0, "light"],
  ["before light ones", 0, 30, "light"],
  ["among heavy ones", 3, 3, "heavy".repeat(1_500)],
] as const)
  test(`a removed message leaves nothing of its text in the store, ${where}, and no other text is lost`, async ({
    startRedis,
    openBroker,
  }) => {
    const redis = await startRedis();
    const broker = await openBroker({ url: redis.url });
    await enter(broker, "lobby", "a", "a1");
    for (let index = 0; index < before; index += 1) await say(broker, `${text} before`);
    const seq = await say(broker, "the secret");
    for (let index = 0; index < after; index += 1) await say(broker, `${text} after`);
    expect(await dump(redis)).toContain("the secret");
    await broker.feed.remove("lobby", "a1", seq);
    expect(await dump(redis)).not.toContain("the secret");
    const { entries } = await broker.feed.read("lobby", { limit: 1_000 });
    expect(entries.map((entry) => entry.seq)).toEqual(upTo(seq + after + 1));
    const texts = entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
    expect(texts).toEqual([...Array(before).fill(`${text} before`), ...Array(after).fill(`${text} after`)]);
  });

test("messages removed one after another, side by side and far apart, leave no text, and no other message is damaged", async ({
  startRedis,
  openBroker,
}) => {
  const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1");
  const texts = Array.from({ length: 300 }, (_, index) => `<${index}>${"x".repeat(random.between(0, 150))}`);
  for (const text of texts) await say(broker, text);
  const removed = random.shuffled(texts).slice(0, 60);
  for (const text of removed) await broker.feed.remove("lobby", "a1", texts.indexOf(text) + 2);
  const left = await dump(redis);
  const isLeft = (text: string) => left.includes(text.slice(0, text.indexOf(">") + 1));
  expect(removed.filter(isLeft), `FUZZ_SEED=${seed} plays it again`).toEqual([]);
  expect(texts.filter((text) => !removed.includes(text) && !isLeft(text))).toEqual([]);
});

test("a removed message stays removed when Redis is killed and starts from its file, rewritten or not", async ({
  ownRedis,
  openBroker,
}) => {
  const broker = await openBroker({ url: ownRedis.url });
  await enter(broker, "lobby", "a", "a1");
  const said: number[] = [];
  for (let index = 0; index < 9; index += 1) said.push(await say(broker, `text ${index}`));
  await broker.feed.remove("lobby", "a1", said[3] ?? 0);
  await ownRedis.client.bgrewriteaof();
  const rewrites = async () => String(await ownRedis.client.info("persistence"));
  await until("the rewriting", async () =>
    /aof_rewrite_in_progress:0[\s\S]*aof_last_bgrewrite_status:ok/.test(await rewrites()),
  );
  await broker.feed.remove("lobby", "a1", said[6] ?? 0);
  const before = await broker.feed.read("lobby", { limit: 50 });
  await ownRedis.kill();
  await ownRedis.restart();
  const after = await until("the store", () => broker.feed.read("lobby", { limit: 50 }));
  expect(after).toEqual(before);
  expect(JSON.stringify(after)).not.toMatch(/text [36]/);
});

test("when author and owner on two replicas remove one message at once, all clients are told once", async ({
  openBrokers,
}) => {
  const [one, two] = await openBrokers(2);
  await one.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "b" });
  await enter(one, "tea", "a", "a1");
  await enter(two, "tea", "b", "b1");
  const { observed, following } = await ObservedRoom.follow(two, "tea");
  for (let round = 0; round < 20; round += 1) {
    const { seq } = await one.feed.publish("tea", "a1", draft("said"));
    await Promise.all([one.feed.remove("tea", "a1", seq), two.feed.remove("tea", "b1", seq)]);
  }
  await following.reach(42);
  expect(observed.entries.map(({ kind }) => kind)).toEqual(Array(20).fill(["message", "removal"]).flat());
});

test("[F-1] removals while another replica's messages trim the feed leave it whole and without removed texts", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const [one, two] = await openBrokers(2, { historyLimit: 20 });
  await enter(one, "lobby", "a", "a1");
  await enter(two, "lobby", "b", "b1");
  const outcomes: Record<string, number> = {};
  let newest = 0;
  const talking = (async () => {
    for (let index = 0; index < 400; index += 1)
      newest = (await two.feed.publish("lobby", "b1", draft(`said ${index}`))).seq;
  })();
  const removing = (async () => {
    for (let index = 0; index < 300; index += 1) {
      await say(one, "to be removed");
      // The oldest message that may still be kept, or was just trimmed.
      const seq = Math.max(1, newest - 18 + (index % 4));
      const outcome = await two.feed.remove("lobby", "b1", seq).then(
        () => "removed",
        (error: { code: string }) => error.code,
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      const { entries, first, head } = await one.feed.read("lobby", { after: 0, limit: 200 });
      expect(entries.map((entry) => entry.seq)).toEqual(upTo(head, first));
      // At most the history's number of messages, and four times as many removals.
      expect(head - first).toBeLessThan(100);
      if (outcome === "removed" && seq >= first) expect(entries[seq - first]?.kind).toBe("removed");
    }
  })();
  await Promise.all([talking, removing]);
  expect(Object.keys(outcomes)).toContain("removed");
  const [stream, moved, receipts] = await Promise.all([
    redis.client.xlen(`${prefix}{lobby}:feed`),
    redis.client.zcard(`${prefix}{lobby}:amended`),
    redis.client.hlen(`${prefix}{lobby}:dedupe`),
  ]);
  expect(receipts).toBe(20);
  expect(stream + moved).toBeLessThanOrEqual(100);
});

test("[F-1] a replica that did not hear of a message before its removal never delivers its text", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const writer = await openBroker();
  const { front, url } = await openLink(redis);
  const clock = new HandClock();
  const reader = await openBroker({ clock, url });
  await enter(writer, "lobby", "a", "a1");
  const { observed } = await ObservedRoom.follow(reader, "lobby");
  const list = String(await redis.client.call("CLIENT", "LIST", "TYPE", "pubsub"));
  for (const [, port] of list.matchAll(/ addr=127\.0\.0\.1:(\d+) /g)) front.lose(Number(port));
  const seq = await say(writer, "secret");
  await writer.feed.remove("lobby", "a1", seq);
  clock.tick(headChecks);
  await observed.first(({ kind }) => kind === "removal");
  expect(observed.entries).toMatchObject([
    { seq, kind: "removed" },
    { kind: "removal", targets: [seq] },
  ]);
  expect(await redis.client.zcard(`${prefix}{lobby}:amended`)).toBeGreaterThan(0);
});

test("a full store accepts a removal, and gets its memory back", async ({ startRedis, openBroker }) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1");
  const seq = await say(broker, "a secret");
  await say(broker, "more");
  await redis.client.config("SET", "maxmemory", "1");
  await broker.feed.remove("lobby", "a1", seq);
  expect(await dump(redis)).not.toContain("secret");
  expect((await broker.feed.read("lobby", { limit: 9 })).entries).toMatchObject([
    {},
    { kind: "removed" },
    {},
    {},
  ]);
});

test("entries moved for a removal expire with the feed", async ({ redis, prefix, openBroker }) => {
  const broker = await openBroker();
  await enter(broker, "lobby", "a", "a1");
  await broker.feed.remove("lobby", "a1", await say(broker, "said"));
  const amended = `${prefix}{lobby}:amended`;
  expect((await redis.client.pttl(amended)) / 86_400_000).toBeCloseTo(30, 1);
  for (const key of [amended, `${prefix}{lobby}:room`]) await redis.client.pexpire(key, 60_000);
  await say(broker, "more");
  expect((await redis.client.pttl(amended)) / 86_400_000).toBeCloseTo(30, 1);
});

test("a message after a forgetting extends the feed's life", async ({ redis, prefix, openBroker }) => {
  const broker = await openBroker();
  await enter(broker, "lobby", "a", "a1");
  await enter(broker, "lobby", "b", "b1");
  await broker.feed.publish("lobby", "b1", draft("to be forgotten"));
  await broker.membership.leave("lobby", "b1");
  const keys = ["room", "feed", "dedupe", "authors"].map((part) => `${prefix}{lobby}:${part}`);
  for (const key of keys) await redis.client.pexpire(key, 60_000);
  await broker.rooms.forget("lobby", "b");
  for (const key of keys) expect(await redis.client.pttl(key)).toBeLessThanOrEqual(60_000);
  await say(broker, "more");
  for (const key of keys) expect((await redis.client.pttl(key)) / 86_400_000).toBeCloseTo(30, 1);
});

test("a forgotten visitor leaves neither texts nor names in the store, and the rest expires with the feed", async ({
  startRedis,
  openBrokers,
}) => {
  const redis = await startRedis();
  const [one, two] = await openBrokers(2, { url: redis.url });
  await enter(two, "lobby", "b", "b1", "Heron");
  await enter(one, "lobby", "a", "a1", "Otter");
  for (let index = 0; index < 150; index += 1) await say(one, "a secret");
  await renameAs(one, "lobby", "a", "a1", "Crane");
  for (let index = 0; index < 150; index += 1) await two.feed.publish("lobby", "b1", draft("kept"));
  await one.membership.leave("lobby", "a1");
  expect(await dump(redis)).toMatch(/secret[\s\S]*Crane|Crane[\s\S]*secret/);
  const { observed } = await ObservedRoom.follow(one, "lobby");
  await two.rooms.forget("lobby", "a");
  await observed.first(({ kind }) => kind === "removal");
  expect((await dump(redis)).match(/secret|Otter|Crane/g)).toBeNull();
  const { entries, head } = await one.feed.read("lobby", { limit: 500 });
  expect(entries.map(({ seq }) => seq)).toEqual(upTo(head));
  expect(entries.filter((entry) => entry.kind === "message")).toHaveLength(150);
  const ttls = await Promise.all(
    (await redis.client.keys("*:feed")).map((key) => redis.client.pttl(key.replace("feed", "amended"))),
  );
  for (const ttl of ttls) expect(ttl / 86_400_000).toBeCloseTo(30, 1);
});

test("a full store can forget a visitor", async ({ startRedis, openBroker }) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1", "Otter");
  await say(broker, "said");
  await redis.client.config("SET", "maxmemory", "1");
  await broker.rooms.forget("lobby", "a");
  expect(JSON.stringify(await broker.feed.read("lobby", { limit: 9 }))).not.toMatch(/Otter|said/);
});
