import type { Entry, Gap } from "../../protocol/events";
import { harmless } from "./plain-text";

/**
 * The events of a room as records for another program: one line each, with tabs between the fields. The first field names
 * the kind. A field contains no raw tab or newline: they are written `\t` and `\n`, and a backslash `\\`.
 */
export const record = (...fields: (string | number)[]): string =>
  fields.map((field) => harmless(escaped(String(field)))).join("\t");

const escaped = (field: string): string =>
  field.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");

export function recordEntry(entry: Entry): string {
  const place = [entry.kind, new Date(entry.at).toISOString(), entry.seq] as const;
  switch (entry.kind) {
    case "published":
      return recordEntry({ ...entry.message, seq: entry.seq, at: entry.at });
    case "message":
      return record(...place, entry.by.id, entry.by.name, entry.text);
    case "rename":
      return record(...place, entry.by.id, entry.by.name, entry.was);
    case "visits":
      return record(...place, entry.joined, entry.left, entry.memberCount);
    case "removal":
      return record(...place, ...entry.targets);
    case "removed":
      return record(...place);
    case "join":
    case "leave":
    case "closed":
      return record(...place, entry.by.id, entry.by.name);
    default:
      // A kind of entry from a later version.
      return record(...place);
  }
}

export const recordGap = ({ from, to, reason }: Gap): string => record("gap", reason, from, to);
