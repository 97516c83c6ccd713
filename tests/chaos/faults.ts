import { setTimeout as pause } from "node:timers/promises";
import { until } from "../support/until";
import type { ChaosStore } from "./chaos-store";
import { holdsWithinMs } from "./moderation-verdicts";
import type { Random } from "./random";
import type { Slot, Stage } from "./stage";

/**
 * What a fault needs of the site: one Redis, with a link of each replica to it; several replicas, on any store; or a
 * server that takes a dead primary's place.
 */
type Need = "one Redis" | "replicas" | "successor";

/** A fault. Each `deal` resolves once the fault is over and mended. */
export type Fault = { needs?: Need } & (
  | { name: string; on: "replica"; deal(slot: Slot, stage: Stage, random: Random): Promise<void> }
  | { name: string; on: "store" | "visitors"; deal(stage: Stage, random: Random): Promise<void> }
);

async function freeze({ replica }: Slot, ms: number): Promise<void> {
  replica.pause();
  await pause(ms);
  replica.resume();
}

/** Messages on their way arrive late, after their writers have sent them again over another replica. */
export const stallAndMove: Fault = {
  name: "stall a replica's link to Redis for 3 s, and move its visitors",
  needs: "one Redis",
  on: "replica",
  async deal({ port, storeLink }, { chatters }) {
    storeLink.stall();
    await pause(500);
    for (const { link } of chatters) link.cut(port);
    await pause(2_500);
    storeLink.heal();
  },
};

const present = ({ chatters }: Stage) => chatters.filter(({ isHere }) => isHere);

export const killReplica: Fault = {
  name: "kill -9 a replica, start it again",
  on: "replica",
  async deal(slot, _, random) {
    await slot.replica.kill();
    await pause(random.between(0, 2_000));
    await slot.startAgain();
  },
};

export const stopReplica: Fault = {
  name: "SIGTERM a replica, start it again",
  on: "replica",
  async deal(slot) {
    await slot.replica.stop();
    await slot.startAgain();
  },
};

/** Tries the ports of all subscribers: this replica's front knows only the port of its own link. */
export const loseSubscriber: Fault = {
  name: "lose a subscriber's link in silence",
  needs: "one Redis",
  on: "replica",
  async deal({ storeLink }, { redis }) {
    // Another fault may have stopped Redis.
    const clients = await until("the list of subscribers", () =>
      redis.client.client("LIST", "TYPE", "PUBSUB"),
    );
    for (const [, port] of String(clients).matchAll(/ addr=127\.0\.0\.1:(\d+) /g))
      storeLink.lose(Number(port));
  },
};

export const killRedis: Fault = {
  name: "kill -9 Redis, start it again",
  needs: "one Redis",
  on: "store",
  async deal({ redis }, random) {
    await redis.kill();
    await pause(random.between(500, 2_500));
    await redis.restart();
  },
};

const writers = (stage: Stage) =>
  present(stage).filter(({ label, id }) => label.startsWith("writer") && id !== undefined);

const removedAtOnce = 3;
/** The banned page stays open this long: time enough for others to hear it, if the ban failed. */
const bannedMs = holdsWithinMs + 2_000;
export const banVisitor: Fault = {
  name: "the owner bans a client, another comes",
  on: "visitors",
  async deal(stage, random) {
    const banned = random.pick(writers(stage));
    await stage.moderator.ban(banned.id ?? "");
    await pause(bannedMs);
    await banned.vanish();
    await stage.admit("writer", banned.room);
  },
};

export const shadowVisitor: Fault = {
  name: "the owner shadows a client",
  on: "visitors",
  deal: async (stage, random) => stage.moderator.shadow(random.pick(writers(stage)).id ?? ""),
};

export const removeMessages: Fault = {
  name: "the owner removes messages, and a client comes",
  on: "visitors",
  async deal(stage, random) {
    const reader = random.pick(present(stage).filter(({ heard }) => heard.length > 0));
    for (const { seq } of reader.heard.slice(-removedAtOnce)) await stage.moderator.remove(reader.room, seq);
    await stage.admit("reader", reader.room);
  },
};

export const publishMessage: Fault = {
  name: "the owner publishes a message that the guard has withheld",
  on: "visitors",
  deal: ({ moderator }) => moderator.publish(),
};

export const changeRules: Fault = {
  name: "the owner changes a room's rules",
  on: "visitors",
  deal: ({ moderator, chatters }, random) =>
    moderator.welcome(random.pick(chatters).room, `welcome ${random.between(1, 1_000_000)}`),
};

const killPrimary: Fault = {
  name: "kill -9 a primary, start it again when another one has taken its place",
  needs: "successor",
  on: "store",
  deal: ({ failOver }) => failOver(),
};

export const cutVisitor: Fault = {
  name: "cut a client's link",
  on: "visitors",
  deal: async (stage, random) => random.pick(present(stage)).cut(),
};

/** Every kind of fault that a run deals. */
export const faults: readonly Fault[] = [
  banVisitor,
  shadowVisitor,
  removeMessages,
  publishMessage,
  changeRules,
  killReplica,
  stopReplica,
  { name: "SIGSTOP a replica for 3 s", on: "replica", deal: (slot) => freeze(slot, 3_000) },
  {
    // Longer than its lease. A process alone has no lease, and while it sleeps no visitor can talk.
    name: "SIGSTOP a replica for 20 s",
    needs: "replicas",
    on: "replica",
    deal: (slot) => freeze(slot, 20_000),
  },
  loseSubscriber,
  {
    // Longer than a silent link is kept: bytes on their way may arrive, or be lost with it.
    name: "stall a replica's link to Redis for 5 s",
    needs: "one Redis",
    on: "replica",
    async deal({ storeLink }) {
      storeLink.stall();
      await pause(5_000);
      storeLink.heal();
    },
  },
  stallAndMove,
  killRedis,
  killPrimary,
  {
    name: "CLIENT KILL TYPE pubsub",
    needs: "one Redis",
    on: "store",
    deal: async ({ redis }) => void (await redis.client.client("KILL", "TYPE", "PUBSUB")),
  },
  {
    name: "CLIENT KILL TYPE normal",
    needs: "one Redis",
    on: "store",
    deal: async ({ redis }) => void (await redis.client.client("KILL", "TYPE", "NORMAL")),
  },
  cutVisitor,
  {
    // Longer than the client's patience: it sends again, on another connection, messages that have long been stored.
    name: "a client hears nothing for 12 s",
    on: "visitors",
    async deal(stage, random) {
      const deaf = random.pick(present(stage).filter(({ label }) => label.startsWith("writer")));
      deaf.deafen();
      await pause(12_000);
      deaf.hearAgain();
    },
  },
  {
    name: "a client vanishes, another comes",
    on: "visitors",
    async deal(stage, random) {
      const gone = random.pick(present(stage).filter(({ label }) => label.startsWith("writer")));
      await gone.vanish();
      await stage.admit("writer", gone.room);
    },
  },
];

const has: Record<Need, readonly ChaosStore[]> = {
  "one Redis": ["redis"],
  replicas: ["redis", "sentinel", "cluster"],
  successor: ["sentinel", "cluster"],
};

/** Every kind of fault that a site on this store can have. */
export const faultsOf = (store: ChaosStore): readonly Fault[] =>
  faults.filter(({ needs }) => needs === undefined || has[needs].includes(store));
