import { readFileSync } from "node:fs";
import path from "node:path";
import type { Redis } from "ioredis";

const folder = path.join(process.cwd(), "server/redis/scripts");
const source = (name: string): string => readFileSync(path.join(folder, `${name}.lua`), "utf8");

type Argument = string | number;

/** A script's call: all keys first, then its arguments, which the head of each file names. */
type Script = (keys: readonly string[], args: readonly Argument[]) => Promise<unknown>;

export type RoomScripts = Record<
  | "accept"
  | "close"
  | "create"
  | "enter"
  | "enter-again"
  | "forget"
  | "leave"
  | "mark"
  | "publish"
  | "read"
  | "remove"
  | "rename"
  | "rewind"
  | "typing"
  | "unread"
  | "visits",
  Script
>;
export type DirectoryScripts = Record<
  "reserve" | "correct" | "drop" | "title-claim" | "title-settle",
  Script
>;
/** One command that runs in a full store too. */
export type AnywayScript = Script;
export type RateScripts = Record<"take-rates", Script>;
export type VisitScripts = Record<"visited" | "forgetting-begin" | "forgetting-take", Script>;
export type AccountScripts = Record<
  | "account-add"
  | "account-devices"
  | "account-end"
  | "account-end-device"
  | "account-find"
  | "account-keep-code"
  | "account-note-device"
  | "account-read"
  | "account-remove"
  | "account-set-password"
  | "account-spend"
  | "account-take-code",
  Script
>;

type Name =
  | keyof RoomScripts
  | keyof DirectoryScripts
  | keyof RateScripts
  | keyof VisitScripts
  | keyof AccountScripts
  | "anyway";

/**
 * Scripts that free memory, that bring back a returning visitor, or whose few bytes must be written even to a full
 * store: Redis runs them past `maxmemory` (docs/decisions/050-full-store.md).
 */
const evenWhenFull: ReadonlySet<Name> = new Set([
  "account-end",
  "account-end-device",
  "account-remove",
  "account-spend",
  "anyway",
  "close",
  "correct",
  "drop",
  "enter-again",
  "forget",
  "forgetting-begin",
  "forgetting-take",
  "leave",
  "mark",
  "remove",
  "rewind",
  "take-rates",
  "title-settle",
  "visits",
]);
const headOf = (name: Name): string => (evenWhenFull.has(name) ? "#!lua flags=allow-oom\n" : "");

/** EVALSHA that falls back to EVAL: it survives SCRIPT FLUSH, a failover, and two versions side by side. */
function define(redis: Redis, name: Name, lua: string): Script {
  const command = `madang:${name}`;
  redis.defineCommand(command, { lua: `${headOf(name)}${source("prelude")}\n${lua}` });
  const defined = (redis as unknown as Record<string, (...args: Argument[]) => Promise<unknown>>)[command];
  if (defined === undefined) throw new Error(`the script ${name} could not be defined`);
  return (keys, args) => defined.call(redis, keys.length, ...keys, ...args);
}

/** The scripts that work on one room; all of them begin with room.lua. */
export function defineRoomScripts(redis: Redis): RoomScripts {
  const shared = (parts: string[]) => ["room", "feed", ...parts].map(source).join("\n");
  const [few, all] = [shared([]), shared(["amend", "presence"])];
  const run = (name: keyof RoomScripts, file: string = name) =>
    define(redis, name, `${all}\n${source(file)}`);
  /** Redis creates a script's functions on each call, so the most frequent scripts include only those they need. */
  const runShort = (name: keyof RoomScripts) => define(redis, name, `${few}\n${source(name)}`);
  return {
    accept: run("accept"),
    close: run("close"),
    create: run("create"),
    enter: run("enter"),
    "enter-again": run("enter-again", "enter"),
    forget: run("forget"),
    leave: run("leave"),
    mark: run("mark"),
    publish: runShort("publish"),
    read: runShort("read"),
    remove: run("remove"),
    rename: run("rename"),
    rewind: run("rewind"),
    typing: runShort("typing"),
    unread: runShort("unread"),
    visits: runShort("visits"),
  };
}

export function defineDirectoryScripts(redis: Redis): DirectoryScripts {
  const run = (name: keyof DirectoryScripts) => define(redis, name, source(name));
  return {
    reserve: run("reserve"),
    correct: run("correct"),
    drop: run("drop"),
    "title-claim": run("title-claim"),
    "title-settle": run("title-settle"),
  };
}

export const defineAnyway = (redis: Redis): AnywayScript => define(redis, "anyway", source("anyway"));

export const defineRateScripts = (redis: Redis): RateScripts => ({
  "take-rates": define(redis, "take-rates", source("take-rates")),
});

export function defineVisitScripts(redis: Redis): VisitScripts {
  const run = (name: keyof VisitScripts) => define(redis, name, source(name));
  return {
    visited: run("visited"),
    "forgetting-begin": run("forgetting-begin"),
    "forgetting-take": run("forgetting-take"),
  };
}

/** All of them begin with accounts.lua. */
export function defineAccountScripts(redis: Redis): AccountScripts {
  const run = (name: keyof AccountScripts) => define(redis, name, `${source("accounts")}\n${source(name)}`);
  return {
    "account-add": run("account-add"),
    "account-devices": run("account-devices"),
    "account-end": run("account-end"),
    "account-end-device": run("account-end-device"),
    "account-find": run("account-find"),
    "account-keep-code": run("account-keep-code"),
    "account-note-device": run("account-note-device"),
    "account-read": run("account-read"),
    "account-remove": run("account-remove"),
    "account-set-password": run("account-set-password"),
    "account-spend": run("account-spend"),
    "account-take-code": run("account-take-code"),
  };
}
