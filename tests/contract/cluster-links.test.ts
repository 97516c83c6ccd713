import type { EventEmitter } from "node:events";
import type { RedisBroker } from "../../server/broker/redis/broker";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import type { ClusterConnection } from "../../server/redis/cluster-connection";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { RedisCluster } from "../support/redis-cluster";
import type { RedisServer } from "../support/redis-server";
import { documentedPrefix } from "../support/store-acl";
import { until } from "../support/until";
import { test as base, expect, reachable } from "./brokers";
import { HandClock } from "./hand-clock";
import { draft, enter, freshId, freshPrefix, ObservedRoom } from "./observed-room";
import { silent } from "./stores";

type Opened = { broker: RedisBroker; clients: RedisClients };

/** A cluster for this file alone, because its servers change roles. */
const test = base.extend<{ open: () => Promise<Opened> }, { cluster: RedisCluster }>({
  cluster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const cluster = await RedisCluster.start({ replicas: 1 });
      await use(cluster);
      await cluster.stop();
    },
    { scope: "worker" },
  ],
  open: async ({ cluster, prefix }, use) => {
    const opened: RedisBroker[] = [];
    await use(async () => {
      const clients = createRedisClients(cluster.url, silent, {
        cluster: cluster.addresses,
        prefix: documentedPrefix,
      });
      // The hand clock never compares heads: each entry came over the channel, or was read after a move.
      const settings = { url: "", clients, prefix, historyLimit: 10_000, historyDays: 30 };
      const broker = new LoneRedisBroker({ ...settings, clock: new HandClock() });
      opened.push(broker);
      await reachable(broker);
      return { broker, clients };
    });
    for (const broker of opened) await broker.close();
  },
});

test.describe.configure({ mode: "serial" });

/** Follows new rooms, each with a member on the writer's replica. */
async function followAll(count: number, writer: RedisBroker, reader: RedisBroker) {
  const rooms = Array.from({ length: count }, () => freshId("room"));
  return Promise.all(
    rooms.map(async (id) => {
      await writer.rooms.create({ id, title: id, kind: "public" });
      await enter(writer, id, "a", `${id}-a`);
      return { id, ...(await ObservedRoom.follow(reader, id)) };
    }),
  );
}

type Followed = Awaited<ReturnType<typeof followAll>>[number];

/** Sends a message in each room, and waits until it arrives; checks that each number came once and none is missing. */
async function talk(writer: RedisBroker, followed: readonly Followed[]): Promise<void> {
  for (const { id, observed, following } of followed) {
    const { seq } = await until("a message", () => writer.feed.publish(id, `${id}-a`, draft("said")));
    await observed.until(() => following.cursor.seq >= seq);
    const numbers = observed.entries.map((entry) => entry.seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(observed.gaps).toEqual([]);
  }
}

/** A replica with all data takes its primary's place, by an orderly failover. */
async function handOver(cluster: RedisCluster): Promise<void> {
  await cluster.isWhole();
  const roles = await Promise.all(cluster.servers.map(({ client }) => client.info("replication")));
  const successor = cluster.servers.find((_, index) => roles[index]?.includes("role:slave")) as RedisServer;
  const isPrimary = async () => (await successor.client.info("replication")).includes("role:master");
  // Redis abandons such a failover when it takes too long. It refuses to begin one for a server that is a primary already.
  await until("another primary", async () => {
    if (await isPrimary()) return true;
    await successor.client.cluster("FAILOVER");
    return until("its role", isPrimary, 4_000);
  });
  await cluster.isWhole();
}

const events = ["ready", "close", "message", "refresh", "error", "node error", "+node", "-node"];
const listeners = ({ redis, subscriber }: RedisClients): number[] =>
  [redis, subscriber].flatMap((client) =>
    events.map((event) => (client as unknown as EventEmitter).listenerCount(event)),
  );

/** The number of our links to all servers, for commands and for subscriptions. */
async function links({ servers }: RedisCluster): Promise<number> {
  const lists = await Promise.all(servers.map(({ client }) => client.call("CLIENT", "LIST")));
  return lists.join("\n").match(/ name=madang-(?:commands|subscriber) /g)?.length ?? 0;
}

test("[F-1] entries arrive after failovers and over cut links, and neither listeners nor connections pile up", async ({
  cluster,
  open,
}) => {
  const [{ broker: writer }, { broker: reader, clients }] = [await open(), await open()];
  const followed = await followAll(12, writer, reader);
  await talk(writer, followed);
  const before = listeners(clients);
  const most = (await links(cluster)) + cluster.servers.length;
  for (let time = 0; time < failovers; time += 1) {
    await handOver(cluster);
    await talk(writer, followed);
    for (const { client } of cluster.servers) await client.call("CLIENT", "KILL", "TYPE", "pubsub");
    await talk(writer, followed);
  }
  for (let change = 0; change < roomChanges; change += 50) {
    const more = await followAll(50, writer, reader);
    await Promise.all(more.map(({ following }) => following.stop()));
  }
  expect(listeners(clients)).toEqual(before);
  await until("no more connections", async () => (await links(cluster)) <= most);
  const channels = await Promise.all(
    cluster.servers.map(({ client }) => client.call("PUBSUB", "SHARDCHANNELS") as Promise<string[]>),
  );
  expect(new Set(channels.flat()).size, "the channels of rooms that are still followed").toBe(
    followed.length,
  );
  await talk(writer, followed);
});

/** Each cuts the links to three primaries, and those to their replicas: a hundred and more together. */
const cutRounds = 34;
const subscriptions = 10_000;
const atOnce = 500;

/** All listeners of the clients, and of their links to single servers. */
function allListeners({ redis, subscriber }: RedisClients): number {
  const { links } = subscriber as unknown as { links: Map<string, { redis: EventEmitter }> };
  const emitters = [
    redis as unknown as EventEmitter,
    subscriber as unknown as EventEmitter,
    ...(redis as unknown as ClusterConnection).nodes(),
    ...[...links.values()].map((link) => link.redis),
  ];
  const ofStreams = emitters.flatMap((emitter) => (emitter as { stream?: EventEmitter }).stream ?? []);
  return [...emitters, ...ofStreams]
    .flatMap((emitter) => emitter.eventNames().map((event) => emitter.listenerCount(event)))
    .reduce((sum, count) => sum + count, 0);
}

test("[F-1] after a hundred cut links and ten thousand changes of subscriptions, listeners and links are as many as before", async ({
  cluster,
}) => {
  const clients = createRedisClients(cluster.url, silent, {
    cluster: cluster.addresses,
    prefix: documentedPrefix,
  });
  const { redis, subscriber } = clients;
  try {
    await until("the cluster", () => redis.status === "ready");
    const channels = Array.from({ length: 12 }, () => freshPrefix("channel"));
    const heard: string[] = [];
    subscriber.on("message", (channel) => void heard.push(channel));
    const hearAll = async () => {
      for (const channel of channels) {
        heard.length = 0;
        await until("a message", async () => {
          await redis.call("SPUBLISH", channel, "said");
          return heard.includes(channel);
        });
      }
    };
    await Promise.all(channels.map((channel) => subscriber.subscribe(channel)));
    await hearAll();
    const [before, linksBefore] = [allListeners(clients), await links(cluster)];

    for (let round = 0; round < cutRounds; round += 1) {
      for (const { client } of cluster.servers) {
        await client.call("CLIENT", "KILL", "TYPE", "pubsub");
        await client.call("CLIENT", "KILL", "TYPE", "normal");
      }
      await hearAll();
    }
    for (let change = 0; change < subscriptions; change += atOnce) {
      const more = Array.from({ length: atOnce }, () => freshPrefix("channel"));
      await Promise.all(more.map((channel) => subscriber.subscribe(channel)));
      await Promise.all(more.map((channel) => subscriber.unsubscribe(channel)));
    }

    await hearAll();
    await until("as many listeners", () => allListeners(clients) <= before);
    await until("as many links", async () => (await links(cluster)) <= linksBefore);
  } finally {
    await clients.close();
  }
});

test("[F-1] [C-2] a room whose slot moves to another server during talk loses and doubles no entry", async ({
  cluster,
  open,
  prefix,
}) => {
  const [{ broker: writer }, { broker: reader }] = [await open(), await open()];
  const followed = await followAll(4, writer, reader);
  await talk(writer, followed);
  const [first] = followed as [Followed];
  const key = `${prefix}{${first.id}}:room`;
  const from = await cluster.primaryOf(key);
  await cluster.moveSlot(key);
  expect(await cluster.primaryOf(key)).not.toBe(from);
  await talk(writer, followed);
  // The reader's subscription itself must have moved; its next check of the head would not be enough.
  const channel = `${prefix}{${first.id}}:appended`;
  const there = await cluster.primaryOf(key);
  const heard = async () => ((await there.client.call("PUBSUB", "SHARDNUMSUB", channel)) as unknown[])[1];
  await until("the subscription", async () => (await heard()) === 1);
  expect(await from.client.call("PUBSUB", "SHARDCHANNELS", channel)).toEqual([]);
});

test("[W-2] links to a server that die in silence are replaced, and its rooms' entries arrive again", async ({
  cluster,
  open,
}) => {
  const [{ broker: writer }, { broker: reader, clients }] = [await open(), await open()];
  const followed = await followAll(6, writer, reader);
  await talk(writer, followed);
  // Freeze it for longer than its replica waits: the replica takes over, and the old links stay open.
  const frozen = await cluster.primaryOf(`{${(followed as [Followed])[0].id}}`);
  frozen.pause();
  try {
    for (const each of followed)
      await until("an answer", () => writer.feed.read(each.id, { limit: 1 }), 60_000);
    await clients.subscriber.ping().catch(() => clients.subscriber.disconnect(true));
    await talk(writer, followed);
  } finally {
    frozen.resume();
  }
  await cluster.isWhole();
});

/** Enough to show growth; `MADANG_FAILOVERS=100 MADANG_ROOM_CHANGES=10000` takes minutes. */
const failovers = Number(process.env.MADANG_FAILOVERS ?? 4);
const roomChanges = Number(process.env.MADANG_ROOM_CHANGES ?? 500);
