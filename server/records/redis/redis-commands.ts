import { systemClock } from "../../lib/clock";
import { millisecondsOf } from "../../redis/connection";
import type { QuestionTypes, Scored, ScoreRange, WriteTypes } from "../records";

export type Word = string | number;
/**
 * A command of Redis, and how its reply is read; without `read` the reply tells nothing. The name is in small letters:
 * only then ioredis gives the reply the shape that the command has in a script too.
 */
export type RecordCommand = { words: Word[]; read?: (reply: never) => unknown };

const text = (reply: string | null): string | undefined => reply ?? undefined;
const score = (reply: string | null): number | undefined => (reply === null ? undefined : Number(reply));
const isOne = (reply: number): boolean => reply === 1;
const left = (reply: number): number => (reply === -1 ? Number.POSITIVE_INFINITY : Math.max(0, reply));
const same = <T>(reply: T): T => reply;

/** A reply that has names and values in turn. */
const pairs = (reply: string[]): [string, string][] =>
  reply.flatMap((name, index) => (index % 2 ? [] : [[name, reply[index + 1] ?? ""]]));

/** An entry of a stream: its position, and its one field's name and text. */
type Entry = [position: string, fields: string[]];

function rangeOf(key: string, { order, above, upTo, most }: ScoreRange): Word[] {
  if (above === undefined && upTo === undefined)
    return [
      ...["zrange", key, 0, most === undefined ? -1 : most - 1],
      ...(order === "lowest" ? [] : ["REV"]),
      "WITHSCORES",
    ];
  const [least, greatest] = [above === undefined ? "-inf" : `(${above}`, upTo ?? "+inf"];
  return [
    ...["zrange", key, ...(order === "lowest" ? [least, greatest] : [greatest, least]), "BYSCORE"],
    ...(order === "lowest" ? [] : ["REV"]),
    ...(most === undefined ? [] : ["LIMIT", 0, most]),
    "WITHSCORES",
  ];
}

export const questionCommands: {
  [K in keyof QuestionTypes]: (key: string, ...args: Parameters<QuestionTypes[K]>) => RecordCommand;
} = {
  now: () => ({ words: ["time"], read: millisecondsOf }),
  leftMs: (key) => ({ words: ["pttl", key], read: left }),
  value: (key) => ({ words: ["get", key], read: text }),
  count: (key) => ({ words: ["get", key], read: Number }),
  field: (key, name) => ({ words: ["hget", key, name], read: text }),
  // In capitals: ioredis makes an object of the reply of the other spelling, whose order is not the reply's.
  fields: (key) => ({ words: ["HGETALL", key], read: (reply: string[]) => new Map(pairs(reply)) }),
  // The command for one member costs half of the one for several.
  has: (key, ...members) =>
    members.length === 1
      ? { words: ["sismember", key, ...members], read: (reply: number) => [isOne(reply)] }
      : { words: ["smismember", key, ...members], read: (reply: number[]) => reply.map(isOne) },
  members: (key) => ({ words: ["smembers", key], read: same }),
  some: (key, most) => ({ words: ["srandmember", key, most], read: same }),
  size: (key) => ({ words: ["scard", key], read: same }),
  scores: (key, ...members) =>
    members.length === 1
      ? { words: ["zscore", key, ...members], read: (reply: string | null) => [score(reply)] }
      : { words: ["zmscore", key, ...members], read: (reply: (string | null)[]) => reply.map(score) },
  listed: (key, range) => ({
    words: rangeOf(key, range),
    read: (reply: string[]) => pairs(reply).map(([member, at]): Scored => [member, Number(at)]),
  }),
  length: (key) => ({ words: ["zcard", key], read: same }),
  lastPosition: (key) => ({
    words: ["xrevrange", key, "+", "-", "COUNT", 1],
    read: (reply: Entry[]) => reply[0]?.[0] ?? "0-0",
  }),
  since: (key, position) => ({
    words: ["xrange", key, `(${position}`, "+"],
    read: (reply: Entry[]) => reply.map(([position, fields]) => [position, fields[1] ?? ""]),
  }),
};

const scoresAndMembers = (scored: Scored[]): Word[] => scored.flatMap(([member, at]) => [at, member]);

/** A write's answer is what the last of its commands replies. `stamp` is a command of commit.lua. */
export const writeCommands: {
  [K in keyof WriteTypes]: (key: string, ...args: Parameters<WriteTypes[K]>) => RecordCommand[];
} = {
  remove: (key) => [{ words: ["del", key] }],
  keep: (key, ms) => [{ words: ["pexpire", key, ms] }],
  // For GT a record without a lifetime has the longest one.
  keepAtLeast: (key, ms) => [
    { words: ["pexpire", key, ms, "NX"] },
    { words: ["pexpire", key, ms, "GT"] },
    { words: ["pttl", key], read: left },
  ],
  put: (key, value, keptMs) => [
    { words: ["set", key, value, ...(keptMs === undefined ? [] : ["PX", keptMs])] },
  ],
  take: (key) => [{ words: ["getdel", key], read: text }],
  increment: (key) => [{ words: ["incr", key], read: same }],
  setField: (key, name, value) => [{ words: ["hset", key, name, value] }],
  removeField: (key, name) => [{ words: ["hdel", key, name] }],
  add: (key, member) => [{ words: ["sadd", key, member], read: isOne }],
  drop: (key, ...members) => [{ words: ["srem", key, ...members], read: (reply: number) => reply > 0 }],
  score: (key, ...scored) => [{ words: ["zadd", key, ...scoresAndMembers(scored)] }],
  raise: (key, ...scored) => [{ words: ["zadd", key, "GT", ...scoresAndMembers(scored)] }],
  stamp: (key, member) => [{ words: ["stamp", key, member], read: Number }],
  unlist: (key, ...members) => [{ words: ["zrem", key, ...members] }],
  keepHighest: (key, most) => [{ words: ["zremrangebyrank", key, 0, -most - 1] }],
  append: (key, text, { most, ms }) => [
    { words: ["xadd", key, "MAXLEN", "~", most, "*", "v", text] },
    { words: ["xtrim", key, "MINID", systemClock.now() - ms] },
    { words: ["pexpire", key, ms] },
  ],
  dropBelow: (key, least) => [{ words: ["zremrangebyscore", key, "-inf", `(${least}`] }],
};

/** As TYPE names it; a write without one is good for a record of any kind. */
export const typeOfWrite: Partial<Record<keyof WriteTypes, string>> = {
  put: "string",
  take: "string",
  increment: "string",
  setField: "hash",
  removeField: "hash",
  add: "set",
  drop: "set",
  score: "zset",
  raise: "zset",
  stamp: "zset",
  unlist: "zset",
  keepHighest: "zset",
  dropBelow: "zset",
  append: "stream",
};
