import { AccountStore } from "../../server/accounts/account-store";
import type { Broker } from "../../server/broker/broker";
import { openSource } from "../../server/dump-stores";
import { systemClock } from "../../server/lib/clock";
import { WrittenMessages } from "../../server/limits/written-messages";
import type { Records } from "../../server/records/records";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { createKeys } from "../../server/redis/keys";
import { refuseUnfinishedImport } from "../../server/redis/unfinished-import";
import { EmbeddedStore } from "../support/embedded-store";
import { closeJournals } from "../support/journals";
import { RedisCluster } from "../support/redis-cluster";
import { RedisServer } from "../support/redis-server";
import { WatchedRedis } from "../support/sentinels";
import {
  dumped,
  filled,
  inCluster,
  inFolder,
  inRedis,
  overSentinels,
  type Place,
  sorted,
} from "../support/store-dumps";
import { makeFolder } from "../support/temporary-folder";
import { until } from "../support/until";
import { endKeptMs } from "./account-contract";
import { ann, ben, beyondFfff, cleo, conversation, fillStore } from "./filled-store";
import { HandClock, rounds, wholeLeaseMs } from "./hand-clock";
import { draft, enter, enterAs, ObservedRoom } from "./observed-room";
import { test as base, expect, silent } from "./stores";

type Filled = { place: Place; lines: string[] };
/** `pass`: lets so much time pass that absent members leave. */
type Moved = { broker: Broker; records: Records; pass: (observed: ObservedRoom) => Promise<void> };

const test = base.extend<{
  filledLevel: () => Promise<Filled>;
  filledRedis: () => Promise<Filled>;
  /** Opens a store as a server does. */
  openMoved: (place: Place) => Promise<Moved>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  filledLevel: async ({}, use) => {
    await use(async () => {
      const { broker, records, folder } = await EmbeddedStore.open();
      await fillStore(broker, records);
      await broker.close();
      await closeJournals();
      return { place: inFolder(folder), lines: await dumped(inFolder(folder)) };
    });
  },
  openMoved: async ({ redis, openBroker }, use) => {
    const clientsOf: RedisClients[] = [];
    const lone: Broker[] = [];
    const left = (observed: ObservedRoom) =>
      observed.until(() => observed.entries.some(({ kind }) => kind === "leave"));
    await use(async ({ redis: settings, dataDir }) => {
      if (settings === undefined) {
        const { broker, records } = await EmbeddedStore.open({ lostMs: 500 }, dataDir);
        lone.push(broker);
        return { broker, records, pass: left };
      }
      const clients = createRedisClients(redis.url, silent);
      clientsOf.push(clients);
      await refuseUnfinishedImport(clients.redis, createKeys(settings.prefix).importing, systemClock, () => {
        throw new Error("the store answered too late for a test");
      });
      const clock = new HandClock();
      const broker = await openBroker({ clock });
      broker.takesConnections();
      const pass = async (observed: ObservedRoom) => {
        await until("the leave", () => {
          // Shorter steps than those after which a replica would think it was suspended.
          clock.skip(wholeLeaseMs / 20);
          clock.tick(rounds);
          return observed.entries.some(({ kind }) => kind === "leave");
        });
      };
      return { broker, records: new RedisRecords(clients.redis, settings.prefix), pass };
    });
    for (const broker of lone) await broker.close();
    for (const clients of clientsOf) await clients.close();
  },
  filledRedis: async ({ redis, openBroker, prefix }, use) => {
    await use(async () => {
      const clients = createRedisClients(redis.url, silent);
      const broker = await openBroker();
      await fillStore(broker, new RedisRecords(clients.redis, prefix));
      await broker.close();
      await clients.close();
      const place = inRedis(redis.url, prefix);
      return { place, lines: await dumped(place) };
    });
  },
});

test.afterEach(closeJournals);

const fresh = async (kind: "level" | "redis", url: string, prefix: string): Promise<Place> =>
  kind === "level" ? inFolder(await makeFolder("moved")) : inRedis(url, prefix);

for (const from of ["level", "redis"] as const)
  for (const to of ["level", "redis"] as const)
    test(`[F-0] a store of kind ${from} has the same lines after it is moved into one of kind ${to}`, async ({
      filledLevel,
      filledRedis,
      redis,
      prefix,
    }) => {
      const { lines } = await (from === "level" ? filledLevel() : filledRedis());
      for (const part of ['"room"', '"member"', '"entry"', '"receipt"', '"keptName"', '"heldName"', '"item"'])
        expect(lines.join("\n"), `something of each: ${part}`).toContain(part);
      for (const name of Object.values(beyondFfff))
        expect(lines.filter((line) => line.startsWith(`{"item":["${name}"`)).length, name).toBeGreaterThan(0);
      expect(lines.join("\n")).toMatch(/countedJoins.*\n/);
      const target = await fresh(to, redis.url, `${prefix}moved:`);
      expect(await filled(target, lines)).toEqual(["a secret"]);
      expect(sorted(await dumped(target))).toEqual(sorted(lines));
    });

test("[ID-3] a name that a visitor has kept is as old after a move as it was before", async ({
  filledLevel,
}) => {
  const { place, lines } = await filledLevel();
  const moved = inFolder(await makeFolder("moved"));
  await filled(moved, lines);
  const nameIn = async ({ dataDir }: Place) => {
    const { broker } = await EmbeddedStore.open({}, dataDir);
    const names = await broker.rooms.namesIn([{ room: "tea", visitor: ben }]);
    await broker.close();
    await closeJournals();
    return names;
  };
  const names = await nameIn(place);
  expect(names).toMatchObject([{ name: "Swan" }]);
  expect(await nameIn(moved)).toEqual(names);
});

test("a room that was moved between servers of Redis counts its bytes as before, and its keys lapse as before", async ({
  filledRedis,
  redis,
  prefix,
}) => {
  const { lines } = await filledRedis();
  const target = `${prefix}moved:`;
  await filled(inRedis(redis.url, target), lines);
  const { client } = redis;
  const lasting = async (within: string) => {
    const keys = await client.keys(`${within}{tea}:*`);
    const ends = await Promise.all(keys.map((key) => client.pexpiretime(key)));
    return keys.filter((_, index) => ends[index] === -1).map((key) => key.slice(within.length));
  };
  expect((await lasting(target)).sort()).toEqual((await lasting(prefix)).sort());
  const books = async (within: string) =>
    (await client.hget(`${within}{tea}:room`, "books"))?.split(" ").slice(0, 4);
  expect(await books(target)).toEqual(await books(prefix));
});

test("a record whose time is over is not exported, though its row is still there", async ({
  filledLevel,
}) => {
  const { place } = await filledLevel();
  const { records, broker } = await EmbeddedStore.open({}, place.dataDir);
  const lifetimeMs = 50;
  await new WrittenMessages(records).add(ann, "soon over", lifetimeMs);
  const writtenAt = Date.now();
  await broker.close();
  await closeJournals();
  await expect.poll(() => Date.now() - writtenAt).toBeGreaterThan(lifetimeMs);
  expect((await dumped(place)).join("\n")).not.toContain("soon over");
});

for (const to of ["level", "redis"] as const) {
  test(`[C-2] [F-1] [ID-3] a store that was moved into one of kind ${to} continues as the first would have`, async ({
    filledLevel,
    redis,
    prefix,
    openMoved,
  }) => {
    const { lines } = await filledLevel();
    const target = await fresh(to, redis.url, prefix);
    await filled(target, lines);
    const { broker, records } = await openMoved(target);
    const { feed, membership, rooms, unread } = broker;
    const { head, epoch, entries } = await feed.read("tea", { limit: 1_000 });
    expect(lines.find((line) => line.includes('"id":"tea"'))).toContain(`"epoch":"${epoch}","head":${head}`);
    const said = entries.find((entry) => entry.kind === "message" && entry.text === "said");
    if (said?.kind !== "message") throw new Error("nothing was said");

    expect((await enter(broker, "tea", ben, "b9", "Stork")).self.name, "the visitor's kept name").toBe(
      "Swan",
    );
    await expect(enterAs(broker, "tea", "eve-012345678901", "e9", "Swan")).rejects.toMatchObject({
      code: "name_taken",
    });
    await expect(
      enterAs(broker, "tea", "eve-012345678901", "e8", "Crane"),
      "a member's name",
    ).rejects.toMatchObject({ code: "name_taken" });
    await enter(broker, "tea", ann, "a9", "Stork");
    const again = { ...draft("said"), clientMessageId: said.clientMessageId };
    expect(await feed.publish("tea", "a9", again), "a repeat gets its receipt").toEqual({
      seq: said.seq,
      at: said.at,
    });
    const before = (await feed.read("tea", { limit: 1 })).head;
    expect((await feed.publish("tea", "a9", draft("more"))).seq).toBe(before + 1);
    expect(await unread.count([conversation], ben)).toEqual([1]);
    await expect(feed.publish(conversation, "a3", draft("x"))).rejects.toMatchObject({ code: "not_joined" });

    await rooms.forget("tea", ann);
    const after = JSON.stringify((await feed.read("tea", { limit: 1_000 })).entries);
    for (const trace of ["said", "tea 7", "tea 299", "Otter"]) expect(after).not.toContain(`"${trace}"`);
    expect(after, "messages of others stay").toContain("an answer");
    const accounts = new AccountStore(records, { endKeptMs });
    expect((await accounts.find("ada"))?.account).toEqual({ handle: "Ada", password: "$argon2id$hash" });
    await membership.leave("tea", "b9");
  });

  test(`[N-3] members of a store that was moved into one of kind ${to} leave once, unless they are back`, async ({
    filledLevel,
    redis,
    prefix,
    openMoved,
  }) => {
    const { lines } = await filledLevel();
    const target = await fresh(to, redis.url, prefix);
    await filled(target, lines);
    const { broker, pass } = await openMoved(target);
    const { observed, following } = await ObservedRoom.follow(broker, "tea");
    await enter(broker, "tea", ann, "a9", "Otter");
    await pass(observed);
    const left = observed.entries.filter(({ kind }) => kind === "leave");
    expect(left).toMatchObject([{ by: { id: cleo, name: "Crane" } }]);
    expect((await broker.membership.list("tea")).members.map(({ id }) => id)).toEqual([ann]);
    await following.stop();
  });

  test(`a dump without secrets has no password, and keeps each handle for its visitor: ${to}`, async ({
    filledLevel,
    redis,
    prefix,
    openMoved,
  }) => {
    const { place } = await filledLevel();
    const lines = await dumped(place, "");
    expect(lines.join("\n")).not.toMatch(/argon2|"secret"/);
    const target = await fresh(to, redis.url, prefix);
    expect(await filled(target, lines)).toEqual([]);
    const { records } = await openMoved(target);
    const accounts = new AccountStore(records, { endKeptMs });
    expect(await accounts.find("ada")).toBeUndefined();
    const account = { handle: "Ada", password: "new" };
    const other = { visitor: ben, generation: 0 };
    await expect(accounts.add(other, "ada", account)).rejects.toMatchObject({ code: "name_taken" });
    await accounts.add({ visitor: ann, generation: 0 }, "ada", account);
    expect((await accounts.find("ada"))?.account).toEqual(account);
  });

  test(`an import into a store of kind ${to} is refused if it is not empty, and changes nothing`, async ({
    filledLevel,
    filledRedis,
  }) => {
    const { place, lines } = await (to === "level" ? filledLevel() : filledRedis());
    await expect(filled(place, lines)).rejects.toThrow(/is not empty. An import needs an empty store/);
    expect(sorted(await dumped(place))).toEqual(sorted(lines));
  });

  test(`[C-3] an import into a store of kind ${to} that breaks off does not count as done, and can be repeated`, async ({
    filledLevel,
    redis,
    prefix,
    openMoved,
  }) => {
    const { lines } = await filledLevel();
    const target = await fresh(to, redis.url, prefix);
    await expect(filled(target, lines.slice(0, 100))).rejects.toThrow("line 101: the end is missing");
    await expect(openMoved(target)).rejects.toThrow(/[Rr]un it again/);
    await filled(target, lines);
    expect(sorted(await dumped(target))).toEqual(sorted(lines));
    await openMoved(target);
  });

  test(`[F-0] with new epochs no number stands for two entries: ${to}`, async ({
    filledLevel,
    redis,
    prefix,
    openMoved,
  }) => {
    const { lines } = await filledLevel();
    const target = await fresh(to, redis.url, prefix);
    await filled(target, lines, true);
    const { broker } = await openMoved(target);
    const { epoch, head, rewoundFrom } = await broker.feed.read("tea", { limit: 1 });
    expect(lines.join("\n")).toContain(`"head":${head}`);
    expect(lines.join("\n")).not.toContain(epoch);
    if (to === "redis") expect(lines.join("\n"), "readers are told").toContain(`"epoch":"${rewoundFrom}"`);
  });
}

test("[F-0] [C-3] a store can be moved into a cluster, even after an import that broke off, and out of it", async ({
  filledRedis,
  redis,
  prefix,
}) => {
  const { lines } = await filledRedis();
  const cluster = await RedisCluster.start();
  try {
    const target = inCluster(cluster, prefix);
    await expect(filled(target, lines.slice(0, 100))).rejects.toThrow("line 101: the end is missing");
    await filled(target, lines);
    expect(sorted(await dumped(target))).toEqual(sorted(lines));
    const spread = await Promise.all(cluster.servers.map(({ client }) => client.keys(`${prefix}*`)));
    expect(spread.filter((keys) => keys.length > 0).length, "servers with keys").toBeGreaterThan(1);
    const { replicas, roomsOf } = createKeys(prefix, { isCluster: true });
    expect(await cluster.client.smembers(replicas)).toEqual(["moved"]);
    expect((await cluster.client.smembers(roomsOf("moved"))).length).toBeGreaterThan(0);
    await expect(filled(target, lines)).rejects.toThrow(/the cluster of .* is not empty/);
    const back = inRedis(redis.url, `${prefix}back:`);
    await filled(back, await dumped(target));
    expect(sorted(await dumped(back))).toEqual(sorted(lines));
  } finally {
    await cluster.stop();
  }
});

test("[F-0] a store can be moved over Sentinels, into and out of the primary that they name now", async ({
  filledRedis,
  prefix,
}) => {
  const { lines } = await filledRedis();
  const watched = await WatchedRedis.start();
  try {
    const movesInto = async (primary: RedisServer, within: string) => {
      const place = overSentinels(watched, within);
      expect(await filled(place, lines)).toEqual(["a secret"]);
      expect((await primary.client.keys(`${within}*`)).length).toBeGreaterThan(0);
      expect(sorted(await dumped(place))).toEqual(sorted(lines));
      await expect(filled(place, lines)).rejects.toThrow(/is not empty/);
    };
    await movesInto(watched.first, prefix);
    await watched.handOver();
    await movesInto(watched.second, `${prefix}later:`);
  } finally {
    await watched.stop();
  }
});

test("an import removes no keys of another application whose prefix begins with the site's", async ({
  filledLevel,
  redis,
  prefix,
}) => {
  const others = [`${prefix}b:{lobby}:room`, `${prefix}-x:directory:forgetting`, `${prefix}sessions`];
  for (const key of others) await redis.client.set(key, "theirs");
  await redis.client.set(`${prefix}asset:old`, "a key of ours that an empty store may have");
  const { lines } = await filledLevel();
  await filled(inRedis(redis.url, prefix), lines);
  expect(await redis.client.mget(others)).toEqual(others.map(() => "theirs"));
  expect(await redis.client.exists(`${prefix}asset:old`)).toBe(0);
});

test("[C-3] a replica refuses a half-filled store even if the store answers only after the start", async () => {
  const redis = await RedisServer.start({ appendonly: true });
  await redis.client.set(createKeys("madang:").importing, "1");
  await redis.kill();
  const clients = createRedisClients(redis.url, silent);
  const said: string[] = [];
  await refuseUnfinishedImport(
    clients.redis,
    createKeys("madang:").importing,
    systemClock,
    (message) => void said.push(message),
  );
  expect(said).toEqual([]);
  await redis.restart();
  await expect.poll(() => said).toEqual([expect.stringMatching(/under way, or broke off/)]);
  await clients.close();
  await redis.stop();
});

for (const { when, read } of [
  { when: "before the export", read: 0 },
  { when: "during the export", read: 3 },
])
  test(`an export refuses a Redis that an import has begun to fill ${when}`, async ({
    filledLevel,
    redis,
    prefix,
  }) => {
    const place = inRedis(redis.url, prefix);
    await filled(place, (await filledLevel()).lines);
    const mark = () => redis.client.set(createKeys(prefix).importing, "1");
    if (read === 0) await mark();
    const exporting = async () => {
      const source = await openSource(place);
      try {
        let lines = 0;
        for await (const _line of source.lines()) if (++lines === read) await mark();
      } finally {
        await source.close();
      }
    };
    await expect(exporting()).rejects.toThrow(/An import into Redis at .* is under way, or broke off/);
  });

test("[F-1] each export taken while visitors talk is whole: an imported room has all entries up to its head, as they were", async ({
  openBroker,
  redis,
  prefix,
}) => {
  const broker = await openBroker();
  const { feed } = broker;
  await enter(broker, "lobby", "a", "a1", "Otter");
  await Promise.all(
    Array.from({ length: 300 }, (_, index) => feed.publish("lobby", "a1", draft(`${index}`))),
  );
  let isOver = false;
  const talk = (async () => {
    for (let number = 300; !isOver; number += 1) {
      const { seq } = await feed.publish("lobby", "a1", draft(`${number}`));
      if (number % 3 === 0) await feed.remove("lobby", "a1", seq - 2);
    }
  })();
  const heads: number[] = [];
  for (let time = 0; time < 4; time += 1) {
    const lines = await dumped(inRedis(redis.url, prefix));
    const place = inFolder(await makeFolder("live"));
    await filled(place, lines);
    const store = await EmbeddedStore.open({}, place.dataDir);
    const { entries, head } = await store.broker.feed.read("lobby", { limit: 10_000 });
    await store.broker.close();
    await closeJournals();
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
    const texts = entries.flatMap((entry) => (entry.kind === "message" ? [Number(entry.text)] : []));
    expect(texts, "in order, once").toEqual([...new Set(texts)].sort((one, other) => one - other));
    heads.push(head);
  }
  isOver = true;
  await talk;
  expect(new Set(heads).size, "there was talk meanwhile").toBe(heads.length);
});

test("an import into a Redis is refused while replicas run on it", async ({
  filledLevel,
  openBroker,
  redis,
  prefix,
}) => {
  const { lines } = await filledLevel();
  await openBroker();
  await expect.poll(() => redis.client.keys(`${prefix}replica:*:lease`)).toHaveLength(1);
  await expect(filled(inRedis(redis.url, prefix), lines)).rejects.toThrow(/Replicas run on Redis at/);
});

test("[F-1] a store that has lost entries keeps their numbers when it is moved", async ({
  redis,
  prefix,
  filledRedis,
}) => {
  const { place } = await filledRedis();
  await redis.client.xdel(`${prefix}{tea}:feed`, "100-0", "101-0");
  const folder = inFolder(await makeFolder("holes"));
  await filled(folder, await dumped(place));
  const { broker } = await EmbeddedStore.open({}, folder.dataDir);
  const { entries, first, head } = await broker.feed.read("tea", { limit: 1_000 });
  await broker.close();
  expect(entries.map(({ seq }) => seq)).toEqual(
    Array.from({ length: head - first + 1 }, (_, at) => first + at),
  );
  expect(entries.filter(({ seq }) => seq === 100 || seq === 101)).toMatchObject([
    { kind: "removed" },
    { kind: "removed" },
  ]);
});
