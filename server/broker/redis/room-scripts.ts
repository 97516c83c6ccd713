import type { StoreConnection } from "../../redis/clients";
import { type Argument, defineScript, readLua, type Script } from "../../redis/script";

/**
 * What a script is given besides the room: its own keys and arguments, by name. In Lua a key is a local in capitals
 * (`keptName` is KEPT_NAME) and an argument one in small letters (`nameTtl` is name_ttl). Further keys and arguments
 * follow them, from KEYS[MORE_KEYS] and ARGV[MORE] on.
 */
type Declared = {
  keys?: readonly string[];
  args: readonly string[];
  /** The Lua files between feed.lua and the script's own. Redis creates their functions on each call, so leave out what it does not need. */
  parts?: readonly string[];
  /** The script's own Lua file, if it is not named after the script. */
  file?: string;
  runsWhenFull?: boolean;
};

const withMembers = ["amend", "presence"];
const entering = {
  keys: ["keptName"],
  args: ["connection", "visitor", "listed", "nameTtl", "isAskedFor"],
  parts: withMembers,
} as const;

/** Every script that works on one room. */
export const roomScripts = {
  accept: { args: ["visitor", "met"] },
  close: { args: ["connection", "keptMs"], runsWhenFull: true },
  create: { args: ["id", "title", "kind", "owner", "askedBy", "met"] },
  enter: entering,
  "enter-again": { ...entering, file: "enter", runsWhenFull: true },
  forget: {
    keys: ["keptName"],
    args: ["visitor", "nameless", "word"],
    parts: withMembers,
    runsWhenFull: true,
  },
  leave: { args: [], parts: withMembers, runsWhenFull: true },
  mark: { keys: ["mark"], args: ["seenId", "seenCount", "newId"], runsWhenFull: true },
  publish: {
    args: [
      "connection",
      "clientMessageId",
      "tail",
      "sinceEpoch",
      "sinceSeq",
      "nameTtl",
      "roomEachMs",
      "roomBurstMs",
      "ownEachMs",
      "ownBurstMs",
      "mostUnread",
    ],
  },
  read: { args: ["after", "before", "limit", "maxBytes"] },
  remove: { args: ["connection", "seq"], parts: ["amend"], runsWhenFull: true },
  rename: {
    keys: ["keptName"],
    args: ["connection", "visitor", "nameTtl", "isAskedFor", "roomEachMs", "roomBurstMs"],
    parts: withMembers,
  },
  rewind: { args: ["epoch"], runsWhenFull: true },
  typing: { args: ["connection", "isTyping"] },
  unread: { keys: ["unread"], args: [] },
  visits: { args: [], runsWhenFull: true },
} as const satisfies Record<string, Declared>;

export type RoomScriptName = keyof typeof roomScripts;

type Named<Names> = Names extends readonly (infer Name extends string)[] ? Record<Name, Argument> : never;
type ArgumentsOf<Name extends RoomScriptName> = (typeof roomScripts)[Name]["args"];
type KeysOf<Name extends RoomScriptName> = (typeof roomScripts)[Name] extends { keys: infer Names }
  ? Names
  : readonly [];

/** A value for each of the script's arguments and own keys, by name, and those that follow them. */
export type RoomScriptCall<Name extends RoomScriptName> = (ArgumentsOf<Name> extends readonly []
  ? { args?: never }
  : { args: Named<ArgumentsOf<Name>> }) &
  (KeysOf<Name> extends readonly [] ? { keys?: never } : { keys: Named<KeysOf<Name>> }) & {
    moreKeys?: readonly string[];
    more?: readonly Argument[];
  };

/** Runs a script on a room. `room` and `given`: the keys and arguments that every script gets, by name. */
export type RunRoomScript = <Name extends RoomScriptName>(
  name: Name,
  room: Readonly<Record<string, string>>,
  given: Readonly<Record<string, Argument>>,
  call: RoomScriptCall<Name>,
) => Promise<unknown>;

const folder = "server/broker/redis/lua";
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

/** Reads all files at the start: a build that is replaced under a running process would give it other scripts later. */
function readSources(): (file: string) => string {
  const own = Object.entries<Declared>(roomScripts).flatMap(([name, { file = name, parts = [] }]) => [
    file,
    ...parts,
  ]);
  const sources = new Map(["room", "feed", ...own].map((file) => [file, readLua(folder, file)]));
  sources.set("prelude", readLua("server/redis/lua", "prelude"));
  return (file) => sources.get(file) ?? "";
}

/** Defines each script at its first call, when the names of the room's keys and arguments are known. */
export function defineRoomScripts(redis: StoreConnection): RunRoomScript {
  const defined = new Map<string, Script>();
  const sourceOf = readSources();
  return (name, room, given, { args, keys, moreKeys = [], more = [] }) => {
    const values: Readonly<Record<string, Argument>> = { ...args, ...keys };
    const declared: Declared = roomScripts[name];
    const ownKeys = declared.keys ?? [];
    let script = defined.get(name);
    if (script === undefined) {
      const head = headOf([...Object.keys(room), ...ownKeys], Object.keys(given), declared.args);
      const files = ["room", "feed", ...(declared.parts ?? []), declared.file ?? name];
      const lua = [head, sourceOf("prelude"), ...files.map(sourceOf)].join("\n");
      script = defineScript(redis, { name, lua, runsWhenFull: declared.runsWhenFull ?? false });
      defined.set(name, script);
    }
    return script(
      [...Object.values(room), ...ownKeys.map((key) => String(values[key])), ...moreKeys],
      [...Object.values(given), ...declared.args.map((argument) => values[argument] ?? ""), ...more],
    );
  };
}
