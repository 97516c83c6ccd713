import type { NetworkBudget } from "../chat/network-budget";
import type { Network } from "../lib/network";
import type { FrameMeter } from "./frame-meter";

/** While a network's clients have too much refused together, each of these counts so many times. */
const timesInCrowd = 5;

type World = {
  /** The connection's; undefined when nothing is bounded. */
  frames: FrameMeter | undefined;
  network: Network;
  networks: Pick<NetworkBudget, "tryTake">;
};

/**
 * What one connection is refused though its client could have kept it from happening. Many connections that each stay below
 * what closes one are closed all the same, sooner or later.
 */
export class OwnFaults {
  constructor(private readonly world: World) {}

  async add(): Promise<void> {
    const { frames, network, networks } = this.world;
    if (frames === undefined || frames.isFlooded) return;
    frames.refused();
    if ((await networks.tryTake(network, "refusals")) > 0) frames.refused(timesInCrowd - 1);
  }
}
