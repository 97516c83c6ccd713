import { createHmac } from "node:crypto";
import type { VisitorId } from "../../protocol/events";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";

/** How long a visitor's network is remembered, in this process's memory only, in case the visitor is sanctioned. */
export const rememberedMs = 86_400_000;
/** The page “Privacy” says a day. */
const forgetEachMs = 10 * 60_000;
const mostRemembered = 50_000;

type Seen = { digest: string; at: number };

/**
 * Which network a visitor came from last, as a keyed digest: no visitor stands beside an address. The store gets the digest
 * of a sanctioned visitor's network only.
 */
export class SeenNetworks {
  private readonly seen = boundedMap<VisitorId, Seen>(mostRemembered);
  /** A digest costs more than a look into a map, and every command asks for one. */
  private readonly digests = boundedMap<Network, Seen>(mostRemembered);
  private readonly stopForgetting: () => void;

  /** `secret`: any bytes that all replicas share. */
  constructor(
    private readonly clock: Clock,
    private readonly secret: Uint8Array,
  ) {
    this.stopForgetting = clock.every(forgetEachMs, () => this.forgetOld());
  }

  /** How many visitors and networks are remembered. */
  get size(): number {
    return this.seen.size + this.digests.size;
  }

  note(visitor: VisitorId, network: Network): void {
    this.seen.set(visitor, { digest: this.digestOf(network), at: this.clock.now() });
  }

  /** The digest of that visitor's network; undefined when it was not here lately. */
  digestFor(visitor: VisitorId): string | undefined {
    const seen = this.seen.get(visitor);
    return seen && this.isFresh(seen) ? seen.digest : undefined;
  }

  digestOf(network: Network): string {
    const known = this.digests.get(network);
    const digest =
      known?.digest ?? createHmac("sha256", this.secret).update(`sanction ${network}`).digest("base64url");
    this.digests.set(network, { digest, at: this.clock.now() });
    return digest;
  }

  close(): void {
    this.stopForgetting();
  }

  private forgetOld(): void {
    for (const visitor of this.staleIn(this.seen)) this.seen.delete(visitor);
    for (const network of this.staleIn(this.digests)) this.digests.delete(network);
  }

  private staleIn<Key>(map: Iterable<[Key, Seen]>): Key[] {
    return [...map].filter(([, seen]) => !this.isFresh(seen)).map(([key]) => key);
  }

  private isFresh({ at }: Seen): boolean {
    return this.clock.now() - at < rememberedMs;
  }
}
