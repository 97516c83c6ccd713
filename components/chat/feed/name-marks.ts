import type { VisitorId } from "../../../protocol/events";
import type { Line } from "../state/lines";

const letters = 4;
const alphabet = 26;

/** Four letters of a visitor, the same for everybody: by them two of one name are told apart. */
export function markOf(id: VisitorId): string {
  let hash = 7;
  for (const character of id) hash = (Math.imul(hash, 16_777_619) ^ character.charCodeAt(0)) >>> 0;
  return Array.from({ length: letters }, (_, place) =>
    String.fromCharCode(97 + (Math.floor(hash / alphabet ** place) % alphabet)),
  ).join("");
}

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
