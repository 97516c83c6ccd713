import { createHash } from "node:crypto";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import { copiesMs, fewCopies, laughter, leastCopied } from "./guard-scores";

const mostRemembered = 20_000;

/** Who has written one text lately, on this replica: digests only. */
export class Copies {
  private readonly known = boundedMap<string, { ids: Set<string>; since: number }>(mostRemembered);

  constructor(private readonly clock: Clock) {}

  /** Whether more than a few `ids` have this text under that key; the same id again counts once. */
  areMany(key: string, text: string, id: string): boolean {
    const reading = text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
    if (reading.length < leastCopied || isLaughter(reading)) return false;
    const digest = createHash("sha256").update(`${key} ${reading}`).digest("base64url");
    const now = this.clock.now();
    const before = this.known.get(digest);
    const copies =
      before !== undefined && now - before.since < copiesMs ? before : { ids: new Set<string>(), since: now };
    if (copies.ids.size <= fewCopies) copies.ids.add(id);
    this.known.set(digest, copies);
    return copies.ids.size > fewCopies;
  }
}

const isLaughter = (reading: string): boolean =>
  reading.length <= laughter.length && new Set(reading).size <= laughter.characters;
