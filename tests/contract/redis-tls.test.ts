import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import type { RedisBroker } from "../../server/broker/redis/broker";
import { systemClock } from "../../server/lib/clock";
import { createRedisClients, type RedisClients, type StoreRoute } from "../../server/redis/clients";
import { readTlsFiles, type TlsFiles } from "../../server/redis/tls-files";
import { type Certificates, makeCertificates } from "../support/certificates";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { RedisCluster } from "../support/redis-cluster";
import { WatchedRedis } from "../support/sentinels";
import { until } from "../support/until";
import { test as base, expect, reachable } from "./brokers";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";
import { silent } from "./stores";

type Line = { msg: string; client?: string };
type Opened = { broker: RedisBroker; log: Line[] };

const test = base.extend<
  {
    /** Opens a replica with these files. */
    open: (url: string, route: StoreRoute, files: TlsFiles) => Opened;
  },
  { certificates: Certificates; watched: WatchedRedis; cluster: RedisCluster }
>({
  certificates: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
    async ({}, use) => use(await makeCertificates()),
    { scope: "worker" },
  ],
  watched: [
    async ({ certificates }, use) => {
      const watched = await WatchedRedis.start(certificates);
      await use(watched);
      await watched.stop();
    },
    { scope: "worker" },
  ],
  cluster: [
    async ({ certificates }, use) => {
      const cluster = await RedisCluster.start({ tls: certificates });
      await use(cluster);
      await cluster.stop();
    },
    { scope: "worker" },
  ],
  open: async ({ prefix }, use) => {
    const opened: RedisBroker[] = [];
    await use((url, route, files) => {
      const log: Line[] = [];
      const logger = pino({}, { write: (line) => void log.push(JSON.parse(line) as Line) });
      const clients: RedisClients = createRedisClients(url, logger, { ...route, tls: readTlsFiles(files) });
      const settings = { url, clients, prefix, historyLimit: 10_000, historyDays: 30 };
      const broker = new LoneRedisBroker({ ...settings, clock: systemClock });
      opened.push(broker);
      return { broker, log };
    });
    for (const broker of opened) await broker.close();
  },
});

/** Longer than a handshake takes. */
const handshakeMs = 25;

// All tests share one set of servers.
test.describe.configure({ mode: "serial" });

/** Checks that a message of one replica reaches the other, before and after `change`. */
async function talk(
  [one, other]: [RedisBroker, RedisBroker],
  change = async (): Promise<unknown> => undefined,
) {
  for (const broker of [one, other]) await reachable(broker);
  const room = freshId("room");
  await one.rooms.create({ id: room, title: room, kind: "public" });
  await enter(one, room, "a", "a-1");
  const { observed } = await ObservedRoom.follow(other, room);
  const say = async (text: string) => {
    await until("an answer", () => one.feed.publish(room, "a-1", draft(text)));
    await observed.first((entry) => entry.kind === "message" && entry.text === text);
  };
  await say("over TLS");
  await change();
  await say("still");
}

test("[F-1] two replicas relay over servers and Sentinels that accept only TLS with a client's certificate, even after a failover", async ({
  watched,
  certificates: { ca, clientCert: cert, clientKey: key },
  open,
}) => {
  const replica = () => open(watched.url, { sentinels: watched.sentinels }, { ca, cert, key }).broker;
  const failOver = () =>
    until("a failover", async () => (await watched.ask(0, "SENTINEL", "FAILOVER", watched.name)) === "OK");
  await talk([replica(), replica()], failOver);
});

test("[F-1] two replicas relay over a cluster that speaks only TLS", async ({
  cluster,
  certificates: { ca },
  open,
}) => {
  const replica = () => open(cluster.url, { cluster: cluster.addresses }, { ca }).broker;
  await talk([replica(), replica()]);
});

const untrusted = "its certificate is of an authority that is not trusted: check REDIS_CA_FILE";
const elsewhere = "its certificate is for other addresses";
const says = (log: readonly Line[], what: string) =>
  until(what, () => log.some(({ msg }) => msg.includes(`: ${what}`)));

for (const { what, host = "127.0.0.1", filesOf, said } of [
  {
    what: "whose certificates another authority has signed",
    filesOf: ({ foreign: ca, clientCert: cert, clientKey: key }) => ({ ca, cert, key }),
    said: untrusted,
  },
  {
    what: "whose certificates are for another address",
    host: "localhost",
    filesOf: ({ ca, clientCert: cert, clientKey: key }) => ({ ca, cert, key }),
    said: elsewhere,
  },
  {
    what: "that want a certificate of this client, which has none,",
    filesOf: ({ ca }) => ({ ca }),
    said: "it wants another certificate of this client: check REDIS_CERT_FILE and REDIS_KEY_FILE",
  },
] satisfies { what: string; host?: string; filesOf(made: Certificates): TlsFiles; said: string }[]) {
  test(`a replica refuses Sentinels ${what} and logs why`, async ({ watched, certificates, open }) => {
    const servers = watched.ports.map((port) => ({ host, port }));
    const sentinels = { ...watched.sentinels, servers };
    const { broker, log } = open(watched.url, { sentinels }, filesOf(certificates));
    await says(log, said);
    expect(log.map(({ msg }) => msg)).toContain(`a Sentinel does not answer: ${said}`);
    expect(broker.isReachable()).toBe(false);
  });

  test(`both connections refuse servers ${what} and log why`, async ({ watched, certificates, open }) => {
    const { broker, log } = open(`rediss://${host}:${watched.first.port}`, {}, filesOf(certificates));
    const failed = `store connection failed: ${said}`;
    await until("the reason", () => log.some(({ msg }) => msg === failed));
    expect(log.filter(({ msg }) => msg === "store connected")).toEqual([]);
    expect(broker.isReachable()).toBe(false);
  });
}

for (const { what, host, authority, said } of [
  {
    what: "whose certificates another authority has signed",
    host: "127.0.0.1",
    authority: "foreign",
    said: untrusted,
  },
  { what: "whose certificates are for another address", host: "localhost", authority: "ca", said: elsewhere },
] as const)
  test(`a replica refuses a cluster ${what} and logs why`, async ({ cluster, certificates, open }) => {
    const servers = cluster.addresses.map(({ port }) => ({ host, port }));
    const { broker, log } = open(cluster.url, { cluster: servers }, { ca: certificates[authority] });
    await says(log, said);
    expect(broker.isReachable()).toBe(false);
  });

test("connections that are ended at any moment of their handshakes end without an unhandled error", async ({
  watched,
  certificates: { foreign, clientCert: cert, clientKey: key },
}) => {
  const tls = readTlsFiles({ ca: foreign, cert, key });
  for (let ms = 0; ms < handshakeMs; ms += 1) {
    const { redis, subscriber, close } = createRedisClients(
      `rediss://127.0.0.1:${watched.first.port}`,
      silent,
      { tls },
    );
    const ended = until("its end", () =>
      [redis, subscriber].every(({ status }) => status === "end" || status === "reconnecting"),
    );
    await pause(ms);
    await close();
    await ended;
  }
});
