import type { StoreConnection } from "./connection";
import { defineScript, readLua, type Script } from "./script";

/** One command that runs in a full store too. */
export type WhenFullScript = Script;
export type RateScripts = Record<"take-rates", Script>;
export type RecordScripts = Record<"commit" | "commit-when-full", Script>;

type Definition = { file?: string; runsWhenFull?: boolean };

function define(
  redis: StoreConnection,
  name: string,
  { file = name, runsWhenFull = false }: Definition = {},
): Script {
  const lua = ["prelude", file].map((each) => readLua("server/redis/lua", each)).join("\n");
  return defineScript(redis, { name, lua, runsWhenFull });
}

export const defineRecordScripts = (redis: StoreConnection): RecordScripts => ({
  commit: define(redis, "commit"),
  "commit-when-full": define(redis, "commit-when-full", { file: "commit", runsWhenFull: true }),
});

export const defineRunWhenFull = (redis: StoreConnection): WhenFullScript =>
  define(redis, "run-when-full", { runsWhenFull: true });

export const defineRateScripts = (redis: StoreConnection): RateScripts => ({
  "take-rates": define(redis, "take-rates", { runsWhenFull: true }),
});
