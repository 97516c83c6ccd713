import { readFileSync } from "node:fs";
import path from "node:path";
import type { Redis } from "ioredis";

const folder = path.join(process.cwd(), "server/redis/scripts");
const source = (name: string): string => readFileSync(path.join(folder, `${name}.lua`), "utf8");

type Argument = string | number;

/** One function per script: all keys first, then the script's arguments (each file's head names them). */
export type RoomScripts = Record<
  "create" | "enter" | "leave" | "publish" | "read" | "rewind",
  (keys: readonly string[], args: readonly Argument[]) => Promise<unknown>
>;

/** EVALSHA with EVAL behind it: it survives SCRIPT FLUSH, a failover, and two versions side by side. */
export function defineRoomScripts(redis: Redis): RoomScripts {
  const shared = source("room");
  const run = (name: keyof RoomScripts) => {
    const command = `madang:${name}`;
    redis.defineCommand(command, { lua: `${shared}\n${source(name)}` });
    const defined = (redis as unknown as Record<string, (...args: Argument[]) => Promise<unknown>>)[command];
    if (defined === undefined) throw new Error(`the script ${name} could not be defined`);
    return (keys: readonly string[], args: readonly Argument[]) =>
      defined.call(redis, keys.length, ...keys, ...args);
  };
  return {
    create: run("create"),
    enter: run("enter"),
    leave: run("leave"),
    publish: run("publish"),
    read: run("read"),
    rewind: run("rewind"),
  };
}
