import { createHmac, randomBytes } from "node:crypto";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import { copiesMs, fewShortCopies } from "./guard-scores";

const mostRemembered = 20_000;
const mostCounted = fewShortCopies + 1;

type Counted = { ids: Set<string>; since: number };

/** Who has written one text lately, on this replica. It has neither texts nor networks, only keyed digests of them. */
export class Copies {
  private readonly secret = randomBytes(32);
  private readonly known = boundedMap<string, Counted>(mostRemembered);

  constructor(private readonly clock: Clock) {}

  /** How many different ids have come with that text of that owner, this one included; ten at most. */
  count(owner: string, text: string, id: string): number {
    const key = createHmac("sha256", this.secret).update(`${owner}\n${text}`).digest("base64url");
    const now = this.clock.now();
    const before = this.known.get(key);
    const counted =
      before !== undefined && !this.isOld(before) ? before : { ids: new Set<string>(), since: now };
    if (counted.ids.size < mostCounted) counted.ids.add(id);
    this.known.set(key, counted);
    return counted.ids.size;
  }

  /** How many texts are remembered. */
  get size(): number {
    return this.known.size;
  }

  forgetOld(): void {
    const old = [...this.known].filter(([, counted]) => this.isOld(counted));
    for (const [key] of old) this.known.delete(key);
  }

  private isOld({ since }: Counted): boolean {
    return this.clock.now() - since >= copiesMs;
  }
}
