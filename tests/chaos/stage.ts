import { randomBytes } from "node:crypto";
import type { RoomId } from "../../protocol/events";
import { ownerKey } from "../support/owner";
import { RedisServer } from "../support/redis-server";
import { type Environment, Replica } from "../support/replica";
import { TcpFront } from "../support/tcp-front";
import { makeFolder } from "../support/temporary-folder";
import { connectVisitor } from "../support/wire-visitor";
import { Chatter } from "./chatter";
import { Moderator } from "./moderator";
import { Random } from "./random";

/** What the site under test stands on: replicas over Redis, or one process with a data folder. */
export type ChaosStore = "redis" | "embedded";
export const chaosStores: readonly ChaosStore[] = ["redis", "embedded"];

export type Stage = {
  /** Throws where there is none. */
  readonly redis: RedisServer;
  slots: readonly Slot[];
  chatters: Chatter[];
  moderator: Moderator;
  /** Lets a new visitor into a room, as a writer or a reader. */
  admit(kind: "writer" | "reader", room: RoomId): Promise<Chatter>;
  close(): Promise<void>;
};

const replicaCounts: Record<ChaosStore, number> = { redis: 3, embedded: 1 };
/**
 * The latency between visitors and site, and between site and store: high enough that a fault finds messages and acks
 * on their way.
 */
const visitorLagMs = 20;
const storeLagMs = 2;
/** Shorter than in production, so that a stop and a start fit into a short run. */
const drainMs = 3_000;
/** The time between two messages of one writer: twelve writers send about a hundred a second. */
const paceMs = { least: 60, most: 180 };

/** A place for one replica: the port and the link to the store stay the same when its process is replaced. */
export class Slot {
  private constructor(
    readonly label: string,
    private readonly environment: Environment,
    readonly storeLink: TcpFront,
    public replica: Replica,
  ) {}

  /** Without Redis the link to the store leads nowhere, and nothing uses it. */
  static async open(label: string, redis: RedisServer | undefined, settings: Environment): Promise<Slot> {
    const storeLink = await TcpFront.start(redis === undefined ? [] : [redis.port]);
    storeLink.lagMs = storeLagMs;
    const url = redis && `redis://127.0.0.1:${storeLink.port}`;
    const environment = { ...settings, REDIS_URL: url };
    return new Slot(label, environment, storeLink, await Replica.start(environment));
  }

  get port(): number {
    return this.replica.port;
  }

  async startAgain(): Promise<void> {
    this.replica = await Replica.launch(this.environment, this.port);
    await this.replica.ready();
  }

  async close(): Promise<void> {
    await this.replica.kill();
    await this.storeLink.close();
  }
}

export type Cast = { rooms: number; writers: number; readers: number };

type Setting = { cast: Cast; seed: number; settings: Environment; store: ChaosStore };

/** Three replicas over one Redis that persists its data, or one process with a folder; and visitors in every room. */
export async function setStage({ cast, seed, settings, store }: Setting): Promise<Stage> {
  const redis =
    store === "redis" ? await RedisServer.start({ appendonly: true, appendfsync: "everysec" }) : undefined;
  const replicaCount = replicaCounts[store];
  const environment = {
    // The process alone keeps a secret of its own.
    SESSION_SECRET: redis && randomBytes(32).toString("hex"),
    DATA_DIR: redis ? "none" : await makeFolder("chaos"),
    STORE_BYTES: "1000000000",
    REPLICAS: String(replicaCount),
    RATE_LIMITS: "off",
    OWNER_KEY: ownerKey,
    // A history without limits, so that a missing entry has no excuse.
    HISTORY_LIMIT: "1000000",
    HISTORY_BYTES: "1000000000",
    DRAIN_MS: String(drainMs),
    ...settings,
  };
  const slots = await Promise.all(
    Array.from({ length: replicaCount }, (_, index) => Slot.open(`replica ${index + 1}`, redis, environment)),
  );
  const chatters: Chatter[] = [];
  const ports = slots.map(({ port }) => port);

  async function admit(kind: "writer" | "reader", room: RoomId): Promise<Chatter> {
    // The members of a room start at different replicas, and go round from there.
    const first = chatters.filter((chatter) => chatter.room === room).length % ports.length;
    const around = [...ports.slice(first), ...ports.slice(0, first)];
    const chatter = await Chatter.arrive(`${kind} ${chatters.length + 1}`, room, around, visitorLagMs);
    chatters.push(chatter);
    const random = new Random(seed + chatters.length);
    if (kind === "writer") chatter.talk(() => random.between(paceMs.least, paceMs.most));
    return chatter;
  }

  const rooms = await openRooms(cast.rooms, slots[0]?.replica.url ?? "");
  for (const [kind, count] of [
    ["reader", cast.readers],
    ["writer", cast.writers],
  ] as const)
    for (let index = 0; index < count; index += 1) await admit(kind, rooms[index % rooms.length] ?? "");

  async function close(): Promise<void> {
    await Promise.all(chatters.filter(({ isHere }) => isHere).map((chatter) => chatter.vanish()));
    await Promise.all(slots.map((slot) => slot.close()));
    await redis?.stop();
  }
  return {
    get redis() {
      if (redis === undefined) throw new Error("this site has no Redis");
      return redis;
    },
    slots,
    chatters,
    moderator: new Moderator(slots),
    admit,
    close,
  };
}

async function openRooms(count: number, url: string): Promise<RoomId[]> {
  const owner = await connectVisitor({ url });
  const rooms = ["lobby"];
  for (let index = 2; index <= count; index += 1) {
    const { room } = await owner.must("room:create", { room: `room-${index}`, title: `Room ${index}` });
    rooms.push(room.id);
  }
  owner.close();
  return rooms;
}
