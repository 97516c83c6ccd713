import { Redis } from "ioredis";
import type { Cursor } from "../../protocol/events";
import type { FeedListener } from "../../server/broker/broker";
import { readAppended, readEntry } from "../../server/broker/entry-line";
import { RedisBroker } from "../../server/broker/redis-broker";
import { ReplicaLease } from "../../server/broker/replica-lease";
import { RoomFollower } from "../../server/broker/room-follower";
import { RoomStore } from "../../server/broker/room-store";
import { Rooms } from "../../server/chat/rooms";
import { createKeys } from "../../server/redis/keys";
import { type VerdictName, verdictNames } from "./verdict-names";

/** A server that is wrong on purpose, and the promise that it must be seen to break. */
type Mutant = { breaks: VerdictName; make(): void };

/** What is set on a follower by no name of its own class would do nothing, and prove nothing. */
type Follower = { last: Cursor; goal: Cursor; listener: FeedListener };

const mutants = {
  /** Gives on what the channel brings, and never looks whether something is missing. */
  "no-repair": {
    breaks: verdictNames.holes,
    make() {
      Object.assign(RoomFollower.prototype, {
        receive(this: Follower, message: string) {
          for (const field of ["last", "goal", "listener"])
            if (!(field in this)) throw new Error(`the follower has no ${field} any more`);
          const { epoch, seq, line } = readAppended(message);
          this.last = { epoch, seq };
          this.goal = this.last;
          this.listener.appended(epoch, [readEntry(line)]);
        },
        expect() {},
        async fill() {},
      });
    },
  },

  /** Forgets at once what has been stored under which id. */
  "no-dedupe": {
    breaks: verdictNames.doubled,
    make() {
      const { REDIS_URL = "", REDIS_PREFIX } = process.env;
      const store = new Redis(REDIS_URL);
      store.on("error", () => undefined);
      const keys = createKeys(REDIS_PREFIX || "madang:");
      const { publish } = RoomStore.prototype;
      RoomStore.prototype.publish = async function (room, ...rest) {
        const [, , dedupe = ""] = keys.room(room);
        await store.del(dedupe).catch(() => undefined);
        return publish.call(this, room, ...rest);
      };
    },
  },

  /** Acknowledges first, and stores afterwards if it can. */
  "ack-first": {
    breaks: verdictNames.lost,
    make() {
      let seq = 0;
      const { post } = Rooms.prototype;
      Rooms.prototype.post = async function (...message) {
        post.apply(this, message).catch(() => undefined);
        seq += 1;
        return { seq, at: Date.now() };
      };
    },
  },

  /** Tells everybody at once that somebody has left who will be back in a moment. */
  "no-grace": {
    breaks: verdictNames.notices,
    make() {
      const { depart } = RedisBroker.prototype;
      RedisBroker.prototype.depart = function (room, connection) {
        depart.call(this, room, connection, 0);
      };
    },
  },

  /** Never takes a replica for dead. */
  "no-lease": {
    breaks: verdictNames.notices,
    make() {
      ReplicaLease.prototype.lapsed = async () => [];
    },
  },
} satisfies Record<string, Mutant>;

export type MutantName = keyof typeof mutants;
export const mutantNames = Object.keys(mutants) as MutantName[];
export const isMutant = (name: string): name is MutantName => Object.hasOwn(mutants, name);
export const brokenBy = (name: MutantName): VerdictName => mutants[name].breaks;

/** To be called before the app is composed. */
export function mutate(name: string): void {
  if (!isMutant(name)) throw new Error(`there is no mutant ${name}`);
  mutants[name].make();
}
