import { randomBytes } from "node:crypto";
import type { RoomId } from "../../protocol/events";
import { ownerKey } from "../support/owner";
import type { RedisServer } from "../support/redis-server";
import { type Environment, Replica } from "../support/replica";
import { TcpFront } from "../support/tcp-front";
import { makeFolder } from "../support/temporary-folder";
import { connectVisitor } from "../support/wire-visitor";
import { type ChaosStore, startStore } from "./chaos-store";
import { Chatter, guardedWord } from "./chatter";
import { Moderator } from "./moderator";
import { Random } from "./random";

export type Stage = {
  /** Throws unless the site has exactly one Redis. */
  readonly redis: RedisServer;
  /** Kills a primary, and starts it again when another server has taken its place. Throws if the store has no primaries. */
  failOver(): Promise<void>;
  slots: readonly Slot[];
  chatters: Chatter[];
  moderator: Moderator;
  /** Lets a new visitor into a room, as a writer or a reader. */
  admit(kind: "writer" | "reader", room: RoomId): Promise<Chatter>;
  close(): Promise<void>;
};

const replicaCounts: Record<ChaosStore, number> = { redis: 3, sentinel: 3, cluster: 3, embedded: 1 };
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

  /** Without one Redis the link to the store leads nowhere, and nothing uses it. */
  static async open(label: string, redis: RedisServer | undefined, settings: Environment): Promise<Slot> {
    const storeLink = await TcpFront.start(redis === undefined ? [] : [redis.port]);
    storeLink.lagMs = storeLagMs;
    const url = redis && `redis://127.0.0.1:${storeLink.port}`;
    const environment = { ...settings, ...(url && { REDIS_URL: url }) };
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

/** Three replicas over a store that they share, or one process with a folder; and visitors in every room. */
export async function setStage({ cast, seed, settings, store }: Setting): Promise<Stage> {
  const { redis, failOver, settings: ofStore, stop } = await startStore(store);
  const replicaCount = replicaCounts[store];
  const environment = {
    // A single process makes and keeps its own secret.
    SESSION_SECRET: store === "embedded" ? undefined : randomBytes(32).toString("hex"),
    DATA_DIR: store === "embedded" ? await makeFolder("chaos") : "none",
    ...ofStore,
    STORE_BYTES: "1000000000",
    REPLICAS: String(replicaCount),
    RATE_LIMITS: "off",
    OWNER_KEY: ownerKey,
    // History is unlimited, so a missing entry is always a fault.
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
    // The members of a room start on different replicas, and try the others in turn.
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
    await stop();
  }
  return {
    get redis() {
      if (redis === undefined) throw new Error("this site has not one Redis alone");
      return redis;
    },
    failOver,
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
  await owner.must("owner:claim", { key: ownerKey });
  await owner.must("guard:words", { words: [guardedWord] });
  owner.close();
  return rooms;
}
