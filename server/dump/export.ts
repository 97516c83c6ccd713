import { recordKeys } from "../records/keys";
import type { DumpSource } from "./dump-store";
import { type DumpHeader, type DumpLine, dumpVersion } from "./lines";

/** `secret`: the session secret; with it the passwords are written too. */
export type ExportOptions = { source: DumpSource; secret?: string | undefined; at: number };

export type Counts = { rooms: number; entries: number; records: number };

/** The lines of a dump, as JSON. Counts them in `counts`. */
export async function* exportLines(
  { source, secret, at }: ExportOptions,
  counts: Counts,
): AsyncIterable<string> {
  const header: DumpHeader = {
    madang: "store",
    version: dumpVersion,
    exportedAt: at,
    hasSecrets: secret !== undefined,
  };
  yield JSON.stringify(header);
  let lines = 1;
  for await (const line of linesOf(source, secret)) {
    count(line, counts);
    yield JSON.stringify(line);
    lines += 1;
  }
  yield JSON.stringify({ end: { lines } } satisfies DumpLine);
}

async function* linesOf(source: DumpSource, secret: string | undefined): AsyncIterable<DumpLine> {
  if (secret !== undefined) yield { secret };
  let isLeftOut = false;
  for await (const line of source.lines()) {
    if ("record" in line) isLeftOut = secret === undefined && line.record.key === secretRecord;
    if (!isLeftOut) yield line;
  }
}

/** Each of its items has the hash of a password. Handles are another record, and stay reserved. */
const secretRecord = recordKeys.accounts.accounts;

export function count(line: DumpLine, counts: Counts): void {
  if ("room" in line) counts.rooms += 1;
  else if ("entry" in line) counts.entries += 1;
  else if ("record" in line) counts.records += 1;
}
