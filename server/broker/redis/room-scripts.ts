import { nanoid } from "nanoid";
import type { Cursor, RoomId } from "../../../protocol/events";
import { lobbyId } from "../../../protocol/limits";
import type { StoreConnection } from "../../redis/connection";
import { publishing } from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import { type Argument, defineScript, readLua, type Script } from "../../redis/script";
import { toChatError } from "../../redis/store-error";
import { defaultHistoryBytes, type FeedLimits } from "../feed";
import type { BrokerEvents } from "./events";

/**
 * A script that works on one room, and what it is given besides the room: its own keys and arguments, by name. In Lua a
 * key is a local in capitals (`keptName` is KEPT_NAME) and an argument one in small letters (`nameTtl` is name_ttl).
 * Further keys and arguments follow them, from KEYS[MORE_KEYS] and ARGV[MORE] on.
 */
export type RoomScript = {
  keys?: readonly string[];
  args: readonly string[];
  /**
   * The Lua files between entries.lua and the script's own. Redis creates their functions on each call, so leave out
   * those that it does not need.
   */
  includes?: readonly string[];
  /** The script's own Lua file, if it is not named after the script. */
  file?: string;
  runsWhenFull?: boolean;
};

type Named<Names> = Names extends readonly (infer Name extends string)[] ? Record<Name, Argument> : never;
type KeysOf<S extends RoomScript> = S extends { keys: infer Names } ? Names : readonly [];

/** A value for each of the script's arguments and own keys, by name, and those that follow them. */
export type RoomScriptCall<S extends RoomScript> = (S["args"] extends readonly []
  ? { args?: never }
  : { args: Named<S["args"]> }) &
  (KeysOf<S> extends readonly [] ? { keys?: never } : { keys: Named<KeysOf<S>> }) & {
    moreKeys?: readonly string[];
    more?: readonly Argument[];
  };

/** Runs one of these scripts on a room. Throws ChatError. */
export type RunRoomScript<Scripts extends Record<string, RoomScript>> = <Name extends keyof Scripts & string>(
  name: Name,
  room: RoomId,
  call: RoomScriptCall<Scripts[Name]>,
) => Promise<unknown>;

type AnyCall = {
  args?: Readonly<Record<string, Argument>>;
  keys?: Readonly<Record<string, Argument>>;
  moreKeys?: readonly string[];
  more?: readonly Argument[];
};

type RoomScriptsOptions = {
  redis: StoreConnection;
  keys: Keys;
  limits: FeedLimits;
  /** The rooms that this replica follows, and the last entry that it has delivered in each. */
  followers: ReadonlyMap<RoomId, { readonly cursor: Cursor }>;
  events: BrokerEvents;
};

const dayMs = 86_400_000;
const folder = "server/broker/redis/lua";
/** The files before those of each script, in their order. */
const shared = ["room", "entries"];
/** The files that a script which appends an entry includes, in their order. */
export const appending = ["authors", "totals", "feed", "append"];

/** Runs scripts on a room. Each part of the broker declares the scripts that it needs, and calls them by name. */
export class RoomScripts {
  private readonly sources = new Map([["prelude", readLua("server/redis/lua", "prelude")]]);
  private readonly defined = new Map<string, Script>();

  constructor(private readonly options: RoomScriptsOptions) {}

  /** Reads their files now: a build that is replaced under a running process would give it other scripts later. */
  of<Scripts extends Record<string, RoomScript>>(scripts: Scripts): RunRoomScript<Scripts> {
    for (const [name, { file = name, includes = [] }] of Object.entries<RoomScript>(scripts))
      for (const each of [...shared, ...includes, file])
        if (!this.sources.has(each)) this.sources.set(each, readLua(folder, each));
    return (name, room, call) => this.run(name, scripts[name] as RoomScript, room, call);
  }

  private async run(
    name: string,
    script: RoomScript,
    room: RoomId,
    { args, keys, moreKeys = [], more = [] }: AnyCall,
  ): Promise<unknown> {
    const values = { ...args, ...keys };
    const [roomKeys, given] = [this.options.keys.room(room), this.given(room)];
    try {
      const define = () => this.define({ name, ...script }, Object.keys(roomKeys), Object.keys(given));
      const runScript = this.defined.get(name) ?? define();
      return await runScript(
        [...Object.values(roomKeys), ...(script.keys ?? []).map((key) => String(values[key])), ...moreKeys],
        [...Object.values(given), ...script.args.map((argument) => values[argument] ?? ""), ...more],
      );
    } catch (error) {
      const refusal = toChatError(error);
      if (refusal.code === "storage_full") this.options.events.emit("full");
      throw refusal;
    }
  }

  /** Defines a script at its first call, when the names of the room's keys and arguments are known. */
  private define(
    {
      name,
      file = name,
      includes = [],
      keys = [],
      args,
      runsWhenFull = false,
    }: RoomScript & { name: string },
    roomKeys: readonly string[],
    given: readonly string[],
  ): Script {
    const files = ["prelude", ...shared, ...includes, file].map((each) => this.sources.get(each) ?? "");
    const head = headOf([...roomKeys, ...keys], given, args);
    const publish = `local PUBLISH = '${publishing(this.options.redis)}'`;
    const lua = [head, publish, ...files].join("\n");
    const script = defineScript(this.options.redis, { name, lua, runsWhenFull });
    this.defined.set(name, script);
    return script;
  }

  /** What every script gets; lua/room.lua says what it means. */
  private given(room: RoomId): Record<string, Argument> {
    const { keys, limits, followers } = this.options;
    const seen = followers.get(room)?.cursor;
    return {
      channel: keys.feedChannel(room),
      limit: limits.historyLimit,
      ttl: limits.historyDays * dayMs,
      permanent: room === lobbyId ? room : "",
      newEpoch: nanoid(10),
      seenEpoch: seen?.epoch ?? "",
      seenSeq: seen?.seq ?? "",
      limitBytes: limits.historyBytes ?? defaultHistoryBytes,
    };
  }
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const capitals = (name: string): string => snake(name).toUpperCase();

/** Declares the keys and arguments as locals, in the order in which they are sent. */
function headOf(keys: readonly string[], given: readonly string[], args: readonly string[]): string {
  return [
    `local ${keys.map(capitals).join(", ")} = unpack(KEYS)`,
    `local ${[...given.map(capitals), ...args.map(snake)].join(", ")} = unpack(ARGV)`,
    `local MORE_KEYS, MORE = ${keys.length + 1}, ${given.length + args.length + 1}`,
  ].join("\n");
}
