import type { RedisBroker } from "../../server/broker/redis/broker";
import { type Clock, systemClock } from "../../server/lib/clock";
import { type NameClaim, skeleton } from "../../server/names/skeleton";
import { expect, test } from "../support/fixtures";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { RedisServer } from "../support/redis-server";
import { TcpFront } from "../support/tcp-front";
import { draft, enter, enterAs, freshPrefix } from "./observed-room";

/** Requested names on several replicas over one Redis, and after a lost lease. Each broker stands for a replica. */

let redis: RedisServer;
const opened: RedisBroker[] = [];

async function replica(prefix: string, clock: Clock = systemClock, url = redis.url): Promise<RedisBroker> {
  const settings = { url, prefix, historyLimit: 10_000, historyDays: 30 };
  const broker = new LoneRedisBroker({ ...settings, clock });
  opened.push(broker);
  await reachability(broker, true);
  return broker;
}

const reachability = (broker: RedisBroker, wanted: boolean): Promise<void> =>
  new Promise((resolve) => {
    if (broker.isReachable() === wanted) return resolve();
    const stop = broker.onReachable((is) => {
      if (is !== wanted) return;
      stop();
      resolve();
    });
  });

/** A clock whose lease rounds run only when the test says so. */
function handRounds() {
  const rounds = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    every: (_, run) => {
      rounds.add(run);
      return () => void rounds.delete(run);
    },
  };
  return { clock, pass: () => rounds.forEach((run) => void run()) };
}

/** Deletes these keys in one step. */
const lose = (keys: string) =>
  redis.client.eval(
    "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end",
    0,
    keys,
  );

test.beforeAll(async () => {
  redis = await RedisServer.start();
});
test.afterEach(async () => {
  for (const broker of opened.splice(0)) await broker.close();
});
test.afterAll(() => redis.stop());

test("[ID-3] when twelve visitors on three replicas ask at once for look-alikes of one name, one gets it, in each of thirty rounds", async () => {
  const prefix = freshPrefix("names");
  const brokers = await Promise.all(Array.from({ length: 3 }, () => replica(prefix)));
  const [first] = brokers as [RedisBroker];
  // The plain name, in capitals, with a Cyrillic letter, and in wide letters.
  const claims = ["Otter", "OTTER", "\u041etter", "\uff2f\uff54\uff54\uff45\uff52"].map((name) => ({
    name,
    skeleton: skeleton(name),
  }));
  // More rounds would bring so many joins that they are only counted (F-4).
  for (let round = 0; round < 30; round += 1) {
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        (brokers[index % 3] ?? first).membership.enter({
          room: "lobby",
          visitor: `v${index}`,
          connection: `${round}-${index}`,
          names: [],
          wanted: claims[(index + round) % claims.length] as NameClaim,
        }),
      ),
    );
    const winner = tries.findIndex(({ status }) => status === "fulfilled");
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await (brokers[winner % 3] ?? first).membership.leave("lobby", `${round}-${winner}`);
    expect((await first.feed.read("lobby", { limit: 1 })).head).toBe(2 * round + 2);
  }
});

/** A member with a requested name. Its replica's lease and everything else in the store is lost, and another takes the name. */
async function robbed() {
  const prefix = freshPrefix("names");
  const { clock, pass } = handRounds();
  const [one, two] = [await replica(prefix, clock), await replica(prefix)];
  await enterAs(one, "lobby", "a", "a1", "Otter");
  await lose(`${prefix}*`);
  await enterAs(two, "lobby", "b", "b1", "Otter");
  return { one, two, pass };
}

test("[ID-3] a member whose name was taken while its lease was lost stays in the room, under another", async () => {
  const { one, two, pass } = await robbed();
  pass();
  await expect.poll(async () => (await two.feed.read("lobby", { limit: 1 })).head).toBe(2);
  const { entries } = await two.feed.read("lobby", { limit: 9 });
  expect(entries).toMatchObject([
    { kind: "join", by: { id: "b", name: "Otter" } },
    { kind: "join", by: { id: "a", name: "Swan a" } },
  ]);
  await one.feed.publish("lobby", "a1", draft("still here"));
});

test("[ID-3] that member may write at once, and ask for the name again without being expelled", async () => {
  const { one, two } = await robbed();
  expect((await enterAs(one, "lobby", "a", "a1", "Otter")).self.name).toBe("Swan a");
  const { seq } = await one.feed.publish("lobby", "a1", draft("still here"));
  const { entries } = await two.feed.read("lobby", { limit: 1 });
  expect(entries).toMatchObject([{ seq, kind: "message", by: { id: "a", name: "Swan a" } }]);
});

test("[ID-3] a message alone brings the member back in", async () => {
  const { one, two } = await robbed();
  await one.feed.publish("lobby", "a1", draft("still here"));
  expect((await two.feed.read("lobby", { limit: 1 })).entries).toMatchObject([{ by: { name: "Swan a" } }]);
});

test("[ID-3] a member entered again after a lost store keeps its name, even if it is not the first suggestion", async () => {
  const prefix = freshPrefix("names");
  const { clock, pass } = handRounds();
  const [one, two] = [await replica(prefix, clock), await replica(prefix)];
  await enter(two, "lobby", "b", "b1", "Otter");
  await enter(one, "lobby", "a", "a1", "Otter", "Heron");
  await lose(`${prefix}*`);
  pass();
  await expect
    .poll(async () => (await two.feed.read("lobby", { limit: 1 })).entries)
    .toMatchObject([{ kind: "join", by: { id: "a", name: "Heron" } }]);
});

for (const [what, isUnsure] of [
  ["a visitor that was refused a name", false],
  ["a visitor that was refused it on a retry after an unknown outcome", true],
] as const) {
  test(`[ID-3] neither a message nor a lost lease lets in ${what}`, async () => {
    const prefix = freshPrefix("names");
    const front = await TcpFront.start([redis.port]);
    const { clock, pass } = handRounds();
    const one = await replica(prefix, clock, front.url.replace("http:", "redis:"));
    const two = await replica(prefix);
    await enterAs(two, "lobby", "b", "b1", "Otter");
    const ask = () => enterAs(one, "lobby", "a", "a1", "Otter");
    if (isUnsure) {
      const away = reachability(one, false);
      front.cut();
      await expect(away.then(ask)).rejects.toMatchObject({ code: "unavailable" });
      await reachability(one, true);
    }
    await expect(ask()).rejects.toMatchObject({ code: "name_taken" });
    await enter(one, "lobby", "c", "c1", "Heron");
    await two.membership.leave("lobby", "b1");
    await expect(one.feed.publish("lobby", "a1", draft("x"))).rejects.toMatchObject({ code: "not_joined" });
    await lose(`${prefix}*:lease`);
    pass();
    // Connections enter again in their order: when the later one is in, the earlier one would be in, too.
    const connections = `${prefix}{lobby}:connections`;
    await expect.poll(() => redis.client.hlen(connections)).toBe(2);
    expect(new Set(Object.values(await redis.client.hgetall(connections)))).toEqual(new Set(["c"]));
    await one.close();
    await front.close();
  });
}
