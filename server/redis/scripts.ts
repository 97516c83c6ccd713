import type { Redis } from "ioredis";
import { defineScript, readLua, type Script } from "./script";

/** One command that runs in a full store too. */
export type AnywayScript = Script;
export type RateScripts = Record<"take-rates", Script>;
export type RecordScripts = Record<"commit" | "commit-anyway", Script>;

type Definition = { file?: string; runsWhenFull?: boolean };

function define(redis: Redis, name: string, { file = name, runsWhenFull = false }: Definition = {}): Script {
  const lua = ["prelude", file].map((each) => readLua("server/redis/lua", each)).join("\n");
  return defineScript(redis, { name, lua, runsWhenFull });
}

export const defineRecordScripts = (redis: Redis): RecordScripts => ({
  commit: define(redis, "commit"),
  "commit-anyway": define(redis, "commit-anyway", { file: "commit", runsWhenFull: true }),
});

export const defineAnyway = (redis: Redis): AnywayScript => define(redis, "anyway", { runsWhenFull: true });

export const defineRateScripts = (redis: Redis): RateScripts => ({
  "take-rates": define(redis, "take-rates", { runsWhenFull: true }),
});
