import type { QuestionTypes, WriteTypes } from "../records";
import type { KeptRecords } from "./kept-records";
import type { LogEntries } from "./log-entries";
import type { Kind } from "./record-rows";
import type { ScoredMembers } from "./scored-members";

export const questionCommands: {
  [K in keyof QuestionTypes]: (
    kept: KeptRecords,
    key: string,
    ...args: Parameters<QuestionTypes[K]>
  ) => ReturnType<QuestionTypes[K]>;
} = {
  now: (kept) => kept.clock.now(),
  leftMs: (kept, key) => Math.max(0, (kept.find(key)?.lapsesAt ?? 0) - kept.clock.now()),
  value: (kept, key) => kept.open(key, "value")?.value as string | undefined,
  count: (kept, key) => (kept.open(key, "count")?.value as number | undefined) ?? 0,
  field: (kept, key, name) => kept.entriesOf(key, "map").get(name) as string | undefined,
  fields: (kept, key) => new Map(kept.entriesOf(key, "map") as Map<string, string>),
  has: (kept, key, ...members) => members.map((member) => kept.entriesOf(key, "set").has(member)),
  members: (kept, key) => [...kept.entriesOf(key, "set").keys()],
  some: (kept, key, most) => [...kept.entriesOf(key, "set").keys()].slice(0, most),
  size: (kept, key) => kept.entriesOf(key, "set").size,
  scores: (kept, key, ...members) => members.map((member) => listOf(kept, key).get(member)),
  listed: (kept, key, range) => listOf(kept, key).within(range),
  length: (kept, key) => listOf(kept, key).size,
  lastPosition: (kept, key) => logOf(kept, key).last ?? "0",
  since: (kept, key, position) => logOf(kept, key).after(Number(position)),
};

export const writeCommands: {
  [K in keyof WriteTypes]: (
    kept: KeptRecords,
    key: string,
    ...args: Parameters<WriteTypes[K]>
  ) => ReturnType<WriteTypes[K]>;
} = {
  remove: (kept, key) => kept.forget(key),
  keep: (kept, key, ms) => kept.prolong(key, ms),
  keepAtLeast: (kept, key, ms) => {
    const left = questionCommands.leftMs(kept, key);
    if (left < ms || left === Number.POSITIVE_INFINITY) kept.prolong(key, ms);
    return questionCommands.leftMs(kept, key);
  },
  put: (kept, key, value, keptMs) => {
    kept.forget(key);
    kept.setValue(key, "value", value);
    if (keptMs !== undefined) kept.prolong(key, keptMs);
  },
  take: (kept, key) => {
    const value = questionCommands.value(kept, key);
    kept.forget(key);
    return value;
  },
  increment: (kept, key) => {
    const count = questionCommands.count(kept, key) + 1;
    kept.setValue(key, "count", count);
    return count;
  },
  setField: (kept, key, name, value) => kept.setEntry(key, "map", name, value),
  removeField: (kept, key, name) => kept.dropEntries(key, [name]),
  add: (kept, key, member) => {
    const isNew = !kept.entriesOf(key, "set").has(member);
    kept.setEntry(key, "set", member, member);
    return isNew;
  },
  drop: (kept, key, ...members) => {
    const wasThere = members.some((member) => kept.entriesOf(key, "set").has(member));
    kept.dropEntries(key, members);
    return wasThere;
  },
  score: (kept, key, ...scored) => {
    for (const [member, score] of scored) kept.setEntry(key, "list", member, score);
  },
  raise: (kept, key, ...scored) => {
    for (const [member, score] of scored) {
      const known = listOf(kept, key).get(member);
      kept.setEntry(key, "list", member, Math.max(score, known ?? score));
    }
  },
  stamp: (kept, key, member) => {
    const last = listOf(kept, key).highest ?? 0;
    const moment = Math.max(kept.clock.now(), last + 1);
    kept.setEntry(key, "list", member, moment);
    return moment;
  },
  unlist: (kept, key, ...members) => kept.dropEntries(key, members),
  keepHighest: (kept, key, most) => {
    const list = listOf(kept, key);
    const tooMany = Math.max(0, list.size - most);
    const lowest = list.within({ order: "lowest", most: tooMany });
    kept.dropEntries(
      key,
      lowest.map(([member]) => member),
    );
  },
  dropBelow: (kept, key, least) => kept.dropEntries(key, listOf(kept, key).below(least)),
  append: (kept, key, text, { most, ms }) => {
    const now = kept.clock.now();
    // As in Redis a position tells how old the entry is.
    kept.lastPosition = Math.max(now, kept.lastPosition + 1);
    kept.setEntry(key, "log", String(kept.lastPosition), text);
    const log = logOf(kept, key);
    kept.dropEntries(key, log.before(now - ms));
    if (log.size > 2 * most) kept.dropEntries(key, log.oldest(log.size - most));
    kept.prolong(key, ms);
  },
};

const listOf = (kept: KeptRecords, key: string): ScoredMembers =>
  kept.entriesOf(key, "list") as ScoredMembers;

const logOf = (kept: KeptRecords, key: string): LogEntries => kept.entriesOf(key, "log") as LogEntries;

/** A write without a kind is good for a record of any kind. */
export const kindOf: Partial<Record<keyof WriteTypes, Kind>> = {
  put: "value",
  take: "value",
  increment: "count",
  setField: "map",
  removeField: "map",
  add: "set",
  drop: "set",
  score: "list",
  raise: "list",
  stamp: "list",
  unlist: "list",
  keepHighest: "list",
  dropBelow: "list",
  append: "log",
};
