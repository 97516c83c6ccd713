import type { SanctionInput, VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Network } from "../lib/network";
import { endOf, type KnownSanctions, type StoredSanction } from "./known-sanctions";
import { changesOf, type KnownState } from "./known-state";
import type { SeenNetworks } from "./seen-networks";

/** O-4: how long a network's digest is kept. */
export const networkKeptMs = 30 * 86_400_000;
/** A visitor moves between a few networks; more of them would be strangers'. */
const mostNetworks = 10;

type SanctionedNetworksOptions = {
  known: KnownState;
  knownSanctions: KnownSanctions;
  networks: SeenNetworks;
  clock: Clock;
  logger: Logger;
};

/** O-4: the networks to which sanctions extend. */
export class SanctionedNetworks {
  constructor(private readonly options: SanctionedNetworksOptions) {
    options.known.onChange(changesOf("sanction", (id) => this.add(id)));
  }

  /**
   * Those of a new sanction, with those of an earlier one that it replaces, which are kept no longer for it. Newcomers stay those
   * who came since the earlier one: it was set against them, and meanwhile they could have settled.
   */
  of(
    { visitor, hasNetwork }: SanctionInput,
    at: number,
    earlier: readonly StoredSanction[],
  ): Pick<StoredSanction, "networks" | "networksUntil" | "networksSince"> {
    if (!hasNetwork) return {};
    const digest = this.options.networks.digestFor(visitor);
    const own = digest === undefined ? [] : [digest];
    const isHolding = (each: StoredSanction) => endOf(each) > at && (each.networksUntil ?? 0) > at;
    const before = earlier.find((each) => each.hasNetwork && isHolding(each));
    const others = before?.networks?.filter((each) => each !== digest) ?? [];
    const until = others.length > 0 ? before?.networksUntil : undefined;
    return {
      networks: [...own, ...others].slice(0, mostNetworks),
      networksUntil: until ?? at + networkKeptMs,
      ...(before && { networksSince: before.networksSince ?? before.at }),
    };
  }

  /** Call when a visitor comes, before it is refused: a sanction with a network holds for the one that it comes from. */
  seen(visitor: VisitorId, network: Network): void {
    const { knownSanctions, networks } = this.options;
    networks.note(visitor, network);
    for (const { id } of knownSanctions.of(visitor)) this.add(id);
  }

  /** The replica that has seen the visitor adds the network from which it came. */
  private add(id: string): void {
    const { known, knownSanctions, networks, clock, logger } = this.options;
    const sanction = knownSanctions.find(id);
    const digest = sanction?.hasNetwork ? networks.digestFor(sanction.visitor) : undefined;
    const isKept = (sanction?.networksUntil ?? 0) > clock.now();
    if (digest === undefined || !isKept || !hasSpaceFor(digest, sanction?.networks)) return;
    const withNetwork = (text: string | undefined) => {
      const was = text === undefined ? undefined : (JSON.parse(text) as StoredSanction);
      if (was === undefined || !hasSpaceFor(digest, was.networks)) return text;
      return JSON.stringify({ ...was, networks: [...(was.networks ?? []), digest] });
    };
    known.amend(`sanction ${id}`, withNetwork).catch((error: unknown) => {
      logger.warn({ err: error }, "could not add a network to a sanction");
    });
  }
}

const hasSpaceFor = (digest: string, networks: readonly string[] = []): boolean =>
  networks.length < mostNetworks && !networks.includes(digest);

/** Its time goes as well: otherwise a replica whose clock is behind would add a network again. */
export function withoutNetworks(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { networksUntil: _, networksSince: __, ...sanction } = JSON.parse(text) as StoredSanction;
  return JSON.stringify({ ...sanction, networks: [] });
}
