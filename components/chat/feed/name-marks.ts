import type { VisitorId } from "../../../protocol/events";
import type { Line } from "../state/lines";

/** Four letters of a visitor's id, the same for everybody: by them two of one name are told apart. */
export const markOf = (id: VisitorId): string =>
  id
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .slice(0, 4);

/** Who has written here under a name under which another visitor has written too, as after one has left. */
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
