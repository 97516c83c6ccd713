import { kindOfRecord, type RecordKind } from "./key-kinds";

/** Nothing reads a log after a move. */
export type DumpedKind = Exclude<RecordKind, "log">;

/** `value`: of a value or a counter. `lapsesAt`: milliseconds since 1970; missing without a lifetime. */
export type DumpedRecord = { key: string; kind: DumpedKind; value?: string | number; lapsesAt?: number };

/** A line of the records. The items follow their record: a map's field and value, a set's member, a list's member and score. */
export type RecordLine = { record: DumpedRecord } | { item: [name: string, value?: string | number] };

/** Writes the records of a dump into a store that has none. */
export interface RecordLoader {
  write(line: RecordLine): Promise<void>;
  finish(): Promise<void>;
}

/** Of a key's beginning: the rates of server/redis/keys.ts, which are no records, begin like them. */
const isRecord = /^(?:directory:(?!\{@rate-)|\{@(?:accounts|activity|moderation|webhook)\}:)/;
/** Which replicas a visitor is on, and which replicas there are. */
const isPresence = /^directory:\{[^}]*\}:attended$|^\{@activity\}:(?:replicas$|sample:)/;

/** Whether a record of this key is moved. */
export const isDumped = (key: string): boolean =>
  isRecord.test(key) && !isPresence.test(key) && kindOfRecord(key) !== "log";

/** Redis keeps values and counters alike. */
export const kindOfText = (key: string): "value" | "count" =>
  kindOfRecord(key) === "count" ? "count" : "value";
