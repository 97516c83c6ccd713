import type { Redis } from "ioredis";
import { defineScript, readLua, type Script } from "./script";

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

type Name = keyof DirectoryScripts | keyof RateScripts | keyof VisitScripts | keyof AccountScripts | "anyway";

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
  "correct",
  "drop",
  "forgetting-begin",
  "forgetting-take",
  "take-rates",
  "title-settle",
]);

const folder = "server/redis/lua";

function define(redis: Redis, name: Name, ...files: string[]): Script {
  const lua = ["prelude", ...files].map((file) => readLua(folder, file)).join("\n");
  return defineScript(redis, { name, lua, runsWhenFull: evenWhenFull.has(name) });
}

export function defineDirectoryScripts(redis: Redis): DirectoryScripts {
  const run = (name: keyof DirectoryScripts) => define(redis, name, name);
  return {
    reserve: run("reserve"),
    correct: run("correct"),
    drop: run("drop"),
    "title-claim": run("title-claim"),
    "title-settle": run("title-settle"),
  };
}

export const defineAnyway = (redis: Redis): AnywayScript => define(redis, "anyway", "anyway");

export const defineRateScripts = (redis: Redis): RateScripts => ({
  "take-rates": define(redis, "take-rates", "take-rates"),
});

export function defineVisitScripts(redis: Redis): VisitScripts {
  const run = (name: keyof VisitScripts) => define(redis, name, name);
  return {
    visited: run("visited"),
    "forgetting-begin": run("forgetting-begin"),
    "forgetting-take": run("forgetting-take"),
  };
}

/** All of them begin with accounts.lua. */
export function defineAccountScripts(redis: Redis): AccountScripts {
  const run = (name: keyof AccountScripts) => define(redis, name, "accounts", name);
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
