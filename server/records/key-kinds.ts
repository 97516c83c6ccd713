import { recordKeys } from "./keys";

/** What a record holds. A log tells running replicas of changes. */
export type RecordKind = "value" | "count" | "map" | "set" | "list" | "log";

/** Stands for the part of a key that differs; no key has a line break. */
const any = "\n";
const { rooms, accounts, activity, webhook, moderation } = recordKeys;

/** The kind of each record, by the key that server/records/keys.ts makes. */
const keysOfKind: Record<RecordKind, readonly string[]> = {
  value: [
    ...[recordKeys.refuses(any), recordKeys.lastName(any), accounts.code(any), activity.visitorSample(any)],
    ...[webhook.told(any), moderation.export(any)],
  ],
  count: [recordKeys.conversationsVersion(any), rooms.version, accounts.quota(any)],
  map: [
    ...[rooms.titles, accounts.accounts, accounts.handles, accounts.devices(any)],
    ...[activity.messages(any), webhook.events, moderation.state],
  ],
  set: [
    ...[recordKeys.visits(any), recordKeys.written(any), recordKeys.blocked(any)],
    recordKeys.onlineReplicas(any),
  ],
  list: [
    ...[recordKeys.forgetting, recordKeys.conversations(any), recordKeys.requests(any)],
    ...[recordKeys.openRooms(any), recordKeys.madeRooms(any)],
    ...[rooms.active, rooms.crowded, rooms.recent, rooms.titleTimes, accounts.ended, activity.replicas],
    ...[webhook.due, moderation.changes, moderation.acts, moderation.catches],
  ],
  log: [recordKeys.newlyListed],
};

const kinds = Object.entries(keysOfKind) as [RecordKind, readonly string[]][];
const known = new Map(kinds.flatMap(([kind, keys]) => keys.map((key) => [key, kind] as const)));
const families = [...known].flatMap(([key, kind]) => {
  const [start = "", end] = key.split(any);
  return end === undefined ? [] : [{ start, end, kind }];
});

/** The kind of the record that has this key; undefined for one that this version does not know. */
export const kindOfRecord = (key: string): RecordKind | undefined =>
  known.get(key) ??
  families.find(
    ({ start, end }) => key.length > start.length + end.length && key.startsWith(start) && key.endsWith(end),
  )?.kind;
