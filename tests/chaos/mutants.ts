import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { nanoid } from "nanoid";
import type { Cursor, RoomId } from "../../protocol/events";
import { clientMessageIdPattern } from "../../protocol/limits";
import { parseEntry } from "../../server/broker/entry-json";
import type { FeedListener } from "../../server/broker/feed";
import { readAppended } from "../../server/broker/redis/codec";
import { RedisFeed } from "../../server/broker/redis/feed/feed";
import { RoomFollower } from "../../server/broker/redis/feed/follower";
import { RedisMembership } from "../../server/broker/redis/presence/membership";
import { PresenceLease } from "../../server/broker/redis/presence/presence-lease";
import { type RoomScript, RoomScripts } from "../../server/broker/redis/room-scripts";
import { LiveConnections } from "../../server/gateway/live-connections";
import { JournalFile } from "../../server/journal/level/journal-file";
import { LevelJournal } from "../../server/journal/level/level-journal";
import type { EntryLine } from "../../server/moderation/entry-view";
import { KnownSanctions } from "../../server/moderation/known-sanctions";
import { Rooms } from "../../server/rooms/rooms";
import type { ChaosStore } from "./chaos-store";
import {
  banVisitor,
  cutVisitor,
  type Fault,
  killRedis,
  killReplica,
  loseSubscriber,
  publishMessage,
  removeMessages,
  shadowVisitor,
  stallAndMove,
  stopReplica,
} from "./faults";
import { type VerdictName, verdictNames } from "./verdict-names";

/** A server with a deliberate fault, and the verdict that must notice it. */
type Mutant = {
  breaks: VerdictName;
  /** The fault that shows it for certain. */
  shownBy: Fault;
  /** The store that shows it: by default Redis. */
  store?: ChaosStore;
  make(): void;
};

/** The fields must exist on the real follower: setting another name would do nothing, and prove nothing. */
type Follower = { last: Cursor; goal: Cursor; listener: FeedListener };

type KeptMethods = { kept(): undefined; whenKept(run: () => void): void };
/** Long enough for a kill to find acknowledged messages that are not written yet. */
const unkeptMs = 300;

type PublishCall = { args: { clientMessageId: string } };
type RunScript = (name: string, script: RoomScript, room: RoomId, call: PublishCall) => Promise<unknown>;

/** Changes the lines that live connections are given. */
function appendAs(change: (line: EntryLine) => EntryLine): void {
  const { append } = LiveConnections.prototype;
  LiveConnections.prototype.append = function (epoch, lines) {
    append.call(this, epoch, lines.map(change));
  };
}

export type MutantName =
  | "no-repair"
  | "no-dedupe"
  | "ack-first"
  | "ack-unkept"
  | "no-grace"
  | "no-count"
  | "no-lease"
  | "no-ban"
  | "no-secret"
  | "no-removal"
  | "published-twice";

const mutants: Record<MutantName, Mutant> = {
  /** Passes on the channel's entries, and never checks for missing ones. */
  "no-repair": {
    breaks: verdictNames.holes,
    shownBy: loseSubscriber,
    make() {
      Object.assign(RoomFollower.prototype, {
        receive(this: Follower, message: string) {
          for (const field of ["last", "goal", "listener"])
            if (!(field in this)) throw new Error(`the follower has no ${field} any more`);
          const { epoch, seq, line } = readAppended(message);
          this.last = { epoch, seq };
          this.goal = this.last;
          this.listener.appended(epoch, [parseEntry(line)]);
        },
        expect() {},
        async fill() {},
      });
    },
  },

  /** Stores every try of a message under a new id, as if it were the first. */
  "no-dedupe": {
    breaks: verdictNames.doubled,
    shownBy: stallAndMove,
    make() {
      const scripts = RoomScripts.prototype as unknown as { run: RunScript };
      const { run } = scripts;
      if (run === undefined) throw new Error("no script runs by this method any more");
      scripts.run = function (name, script, room, call) {
        if (name !== "publish") return run.call(this, name, script, room, call);
        if (!clientMessageIdPattern.test(String(call.args.clientMessageId)))
          throw new Error("publish no longer takes the id by this name");
        const args = { ...call.args, clientMessageId: nanoid() };
        return run.call(this, name, script, room, { ...call, args });
      };
    },
  },

  /** Acknowledges a message first, and stores it afterwards if it can. */
  "ack-first": {
    breaks: verdictNames.lost,
    shownBy: killRedis,
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

  /** Acknowledges and announces entries before they are in the data folder, and takes a while to write them. */
  "ack-unkept": {
    breaks: verdictNames.lost,
    shownBy: killReplica,
    store: "embedded",
    make() {
      const journal = LevelJournal.prototype as KeptMethods;
      journal.kept = () => undefined;
      journal.whenKept = (run) => run();
      const { write } = JournalFile.prototype;
      JournalFile.prototype.write = async function (operations) {
        await pause(unkeptMs);
        return write.call(this, operations);
      };
    },
  },

  /** Announces a leave at once, even if the visitor returns a moment later. */
  "no-grace": {
    breaks: verdictNames.notices,
    shownBy: cutVisitor,
    make() {
      const { depart } = RedisMembership.prototype;
      RedisMembership.prototype.depart = function (room, connection) {
        depart.call(this, room, connection, 0);
      };
    },
  },

  /** Announces that a visitor has left as soon as one of its connections goes, however many remain. */
  "no-count": {
    breaks: verdictNames.notices,
    shownBy: stopReplica,
    make() {
      const remaining = "local remaining = tonumber(redis.call('HGET', COUNTS, visitor) or '1') - 1";
      const { defineCommand } = Redis.prototype;
      Redis.prototype.defineCommand = function (name, definition) {
        const { lua } = definition;
        if (name === "madang:leave" && !lua.includes(remaining))
          throw new Error("leave no longer counts a visitor's connections in that line");
        defineCommand.call(this, name, { ...definition, lua: lua.replace(remaining, "local remaining = 0") });
      };
    },
  },

  /** Never declares a replica dead. */
  "no-lease": {
    breaks: verdictNames.notices,
    shownBy: killReplica,
    make() {
      PresenceLease.prototype.lapsed = async () => [];
    },
  },

  /** Notes a ban, and does not enforce it. */
  "no-ban": {
    breaks: verdictNames.heard,
    shownBy: banVisitor,
    make() {
      RedisMembership.prototype.expel = async () => undefined;
      const { on } = KnownSanctions.prototype;
      KnownSanctions.prototype.on = function (kind, ...about) {
        return kind === "ban" ? undefined : on.call(this, kind, ...about);
      };
    },
  },

  /** Gives every reader the owner's view of the feed. */
  "no-secret": {
    breaks: verdictNames.leaked,
    shownBy: shadowVisitor,
    make: () => appendAs(({ withheldOf, ...line }) => line),
  },

  /** Announces that a message is removed, and keeps its text. */
  "no-removal": {
    breaks: verdictNames.kept,
    shownBy: removeMessages,
    make() {
      RedisFeed.prototype.removeAny = async () => undefined;
    },
  },

  /** Gives a published message to its author too, who has had it since it wrote it. */
  "published-twice": {
    breaks: verdictNames.published,
    shownBy: publishMessage,
    make: () => appendAs(({ publishedOf, ...line }) => line),
  },
};

export const mutantNames = Object.keys(mutants) as MutantName[];
export const isMutant = (name: string): name is MutantName => Object.hasOwn(mutants, name);
export const brokenBy = (name: MutantName): VerdictName => mutants[name].breaks;
export const shownBy = (name: MutantName): Fault => mutants[name].shownBy;
export const shownOn = (name: MutantName): ChaosStore => mutants[name].store ?? "redis";

/** Call this before the app is composed. */
export function mutate(name: string): void {
  if (!isMutant(name)) throw new Error(`there is no mutant ${name}`);
  mutants[name].make();
}
