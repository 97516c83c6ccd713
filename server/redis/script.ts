import { readFileSync } from "node:fs";
import path from "node:path";
import type { StoreConnection } from "./connection";
import { withoutUnused } from "./lua-functions";

export type Argument = string | number;

/** A script's call: all keys first, then its arguments. */
export type Script = (keys: readonly string[], args: readonly Argument[]) => Promise<unknown>;

/** `folder`, from the root: the Lua file's. */
export const readLua = (folder: string, name: string): string =>
  readFileSync(path.join(process.cwd(), folder, `${name}.lua`), "utf8");

/**
 * `runsWhenFull`: Redis runs it past `maxmemory`, because it frees memory, brings back a returning visitor, or writes few
 * bytes that must be written (docs/decisions/050-full-store.md).
 */
export type ScriptOptions = { name: string; lua: string; runsWhenFull?: boolean };

/** Defines a script by EVALSHA that falls back to EVAL: it survives SCRIPT FLUSH, a failover, and two versions side by side. */
export function defineScript(
  redis: Pick<StoreConnection, "defineCommand">,
  { name, lua, runsWhenFull = false }: ScriptOptions,
): Script {
  const command = `madang:${name}`;
  redis.defineCommand(command, {
    lua: `${runsWhenFull ? "#!lua flags=allow-oom\n" : ""}${withoutUnused(lua)}`,
  });
  const defined = (redis as unknown as Record<string, (...args: Argument[]) => Promise<unknown>>)[command];
  if (defined === undefined) throw new Error(`the script ${name} could not be defined`);
  return (keys, args) => defined.call(redis, keys.length, ...keys, ...args);
}
