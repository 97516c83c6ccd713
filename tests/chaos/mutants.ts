import type { Cursor } from "../../protocol/events";
import type { Broker, Draft, FeedListener } from "../../server/broker/broker";
import { readAppended, readEntry } from "../../server/broker/entry-line";
import { RedisBroker } from "../../server/broker/redis-broker";
import { ReplicaLease } from "../../server/broker/replica-lease";
import { RoomFollower } from "../../server/broker/room-follower";
import { Rooms } from "../../server/chat/rooms";
import type { StoreConnection } from "../../server/redis/clients";
import type { Keys } from "../../server/redis/keys";

/** Servers that are wrong on purpose: a checker that lets one of them pass proves nothing. */
const mutants = {
  /** Gives on what the channel brings, and never looks whether something is missing. */
  "no-repair"() {
    type Follower = { last: Cursor; goal: Cursor; listener: FeedListener };
    Object.assign(RoomFollower.prototype, {
      receive(this: Follower, message: string) {
        const { epoch, seq, line } = readAppended(message);
        this.last = { epoch, seq };
        this.goal = this.last;
        this.listener.appended(epoch, [readEntry(line)]);
      },
      expect() {},
      async fill() {},
    });
  },

  /** Forgets at once what has been stored under which id. */
  "no-dedupe"() {
    type Inside = { clients: { commands: StoreConnection }; keys: Keys };
    const { publish } = RedisBroker.prototype;
    RedisBroker.prototype.publish = async function (room, connection, draft) {
      const { clients, keys } = this as unknown as Inside;
      const [, , dedupe = ""] = keys.room(room);
      await clients.commands.del(dedupe).catch(() => undefined);
      return publish.call(this, room, connection, draft);
    };
  },

  /** Acknowledges first, and stores afterwards if it can. */
  "ack-first"() {
    type Inside = { broker: Broker };
    let seq = 0;
    Rooms.prototype.post = async function (room, { connection }, draft: Draft) {
      const { broker } = this as unknown as Inside;
      broker.publish(room, connection, draft).catch(() => undefined);
      seq += 1;
      return { seq, at: Date.now() };
    };
  },

  /** Never takes a replica for dead. */
  "no-lease"() {
    ReplicaLease.prototype.lapsed = async () => [];
  },
};

export type Mutant = keyof typeof mutants;
export const mutantNames = Object.keys(mutants) as Mutant[];
export const isMutant = (name: string): name is Mutant => Object.hasOwn(mutants, name);

/** To be called before the app is composed. */
export function mutate(name: string): void {
  if (!isMutant(name)) throw new Error(`there is no mutant ${name}`);
  mutants[name]();
}
