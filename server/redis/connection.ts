import type { Redis } from "ioredis";

type Word = string | number | Buffer;
/** A command's name, in small letters where nothing else is said, and its arguments. */
export type StoreCommand = readonly [name: string, ...args: Word[]];
/** One command; or several on keys of one slot, which are carried out together or not at all. */
export type StoreStep = readonly StoreCommand[];
/** Of a step with several commands, `reply` has the reply of each. */
export type StoreOutcome = [error: Error | null, reply: unknown];

type Commands =
  | "call"
  | "defineCommand"
  | "del"
  | "get"
  | "getBuffer"
  | "pexpire"
  | "sadd"
  | "set"
  | "smembers"
  | "srem"
  | "zrangebyscore"
  | "zrem";

/** One server of the store. */
export type StoreServer = {
  /** `host:port` */
  address: string;
  /** What INFO says there. */
  info(section?: string): Promise<string>;
  /** Milliseconds since 1970 by its own clock. */
  now(): Promise<number>;
};

type Connected = {
  readonly status: string;
  /** `ready`: it answers, or answers again after an interruption of any part. `close`: no part answers any more. */
  on(event: "ready" | "close", listener: () => void): unknown;
  off(event: "ready" | "close", listener: () => void): unknown;
  once(event: "ready" | "close", listener: () => void): unknown;
  listenerCount(event: string): number;
};

/** What the server asks of its store, which is one Redis or a cluster. A command's keys are in one slot. */
export type StoreConnection = Pick<Redis, Commands> &
  Connected & {
    readonly isCluster: boolean;
    /** Asks all at once; together they are not atomic. Never rejects. */
    askAll(steps: readonly StoreStep[]): Promise<StoreOutcome[]>;
    /** Those that take writes, as far as is known now. */
    servers(): readonly StoreServer[];
    /** Milliseconds since 1970, always by the clock of the same server while it lives. */
    now(): Promise<number>;
    disconnect(): void;
  };

export type StoreSubscriber = Connected & {
  on(event: "message", listener: (channel: string, message: string) => void): unknown;
  once(event: "message", listener: (channel: string, message: string) => void): unknown;
  /** Resolves when every later message on the channel will be heard. */
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Resolves after the subscriptions that were sent before it. Rejects when a link does not answer. */
  ping(): Promise<unknown>;
  /** `isReconnecting`: replaces the links that do not answer. */
  disconnect(isReconnecting?: boolean): void;
};

/** How a message is published: on a cluster only to the servers that have the channel's slot. */
export const publishing = ({ isCluster }: Pick<StoreConnection, "isCluster">): "publish" | "spublish" =>
  isCluster ? "spublish" : "publish";

/** TIME's reply: seconds, and the microseconds of the present second. */
export const millisecondsOf = ([seconds, microseconds]: readonly (string | number)[]): number =>
  Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
