import type { Proof } from "../../protocol/events";
import { ProofRequired } from "../errors";
import type { Network } from "../lib/network";
import type { NetworkBudget } from "./network-budget";
import type { Proofs } from "./proofs";

/** Stands for all networks together. */
const site = "site" as Network;

type NewVisitorsOptions = { networks: NetworkBudget; proofs: Proofs };

/**
 * W-4a: limits how fast new visitors come, from one network and to the whole site, and asks for a proof of work beyond
 * that.
 */
export class NewVisitors {
  constructor(private readonly options: NewVisitorsOptions) {}

  /** Throws ProofRequired, or ChatError("rate_limited") when too many come even with proofs. */
  async admit(network: Network, proof: Proof | undefined): Promise<void> {
    const { networks, proofs } = this.options;
    if (proof !== undefined && (await proofs.accepts(proof))) return networks.take(network, "visitors");
    const waitMs =
      (await networks.tryTake(network, "unprovenVisitors")) || (await networks.tryTake(site, "siteVisitors"));
    if (waitMs > 0) throw new ProofRequired(await proofs.challenge(), waitMs);
  }
}
