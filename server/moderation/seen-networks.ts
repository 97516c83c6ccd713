import { createHmac } from "node:crypto";
import type { VisitorId } from "../../protocol/events";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";

/** How long a visitor's network is remembered, in this process's memory only, in case the visitor is sanctioned. */
const rememberedMs = 86_400_000;
const mostRemembered = 50_000;

/** Which network a visitor came from last. The store gets no network, only the keyed digest of a sanctioned one. */
export class SeenNetworks {
  private readonly seen = boundedMap<VisitorId, { network: Network; at: number }>(mostRemembered);
  private readonly digests = boundedMap<Network, string>(mostRemembered);

  /** `secret`: any bytes that all replicas share. */
  constructor(
    private readonly clock: Clock,
    private readonly secret: Uint8Array,
  ) {}

  note(visitor: VisitorId, network: Network): void {
    this.seen.set(visitor, { network, at: this.clock.now() });
  }

  /** The digest of that visitor's network; undefined when it was not here lately. */
  digestFor(visitor: VisitorId): string | undefined {
    const seen = this.seen.get(visitor);
    return seen && this.clock.now() - seen.at < rememberedMs ? this.digestOf(seen.network) : undefined;
  }

  digestOf(network: Network): string {
    const known = this.digests.get(network);
    if (known !== undefined) return known;
    const digest = createHmac("sha256", this.secret).update(`sanction ${network}`).digest("base64url");
    this.digests.set(network, digest);
    return digest;
  }
}
