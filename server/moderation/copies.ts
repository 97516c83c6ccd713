import { hash } from "node:crypto";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import { copiesMs, fewCopies, laughter, leastCopied } from "./guard-scores";

const mostRemembered = 20_000;

/** The visitors who wrote one text lately, on this replica; texts are kept as digests. */
export class Copies {
  private readonly known = boundedMap<string, { ids: Set<string>; since: number }>(mostRemembered);

  constructor(private readonly clock: Clock) {}

  /**
   * Whether more than a few `ids` have a text of this digest under that key; the same id again counts once. `digest`: by
   * `digestOf`.
   */
  areMany(key: string, digest: string | undefined, id: string): boolean {
    if (digest === undefined) return false;
    const now = this.clock.now();
    const before = this.known.get(`${key} ${digest}`);
    const copies =
      before !== undefined && now - before.since < copiesMs ? before : { ids: new Set<string>(), since: now };
    if (copies.ids.size <= fewCopies) copies.ids.add(id);
    this.known.set(`${key} ${digest}`, copies);
    return copies.ids.size > fewCopies;
  }
}

/** The same for texts that read alike; undefined for one that many may write without copying. */
export function digestOf(text: string): string | undefined {
  const reading = text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
  if (reading.length < leastCopied || isLaughter(reading)) return undefined;
  return hash("sha256", reading, "base64url");
}

const isLaughter = (reading: string): boolean =>
  reading.length <= laughter.length && new Set(reading).size <= laughter.characters;
