import type { VisitorId } from "../../../protocol/events";
import type { Line } from "../state/lines";

/** Up to four letters of a visitor's id, the same for every reader, to tell visitors of the same name apart. */
export const nameSuffixOf = (id: VisitorId): string =>
  id
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .slice(0, 4);

/** Visitors who have written here under the same name as another one, which can happen after one has left. */
export function namesakes(lines: readonly Line[]): ReadonlySet<VisitorId> {
  const firsts = new Map<string, VisitorId>();
  const found = new Set<VisitorId>();
  for (const line of lines) {
    if (line.kind !== "message") continue;
    const { id, name } = line.by;
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, id);
    else if (first !== id) found.add(first).add(id);
  }
  return found;
}
