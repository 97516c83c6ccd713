import type { ChatError } from "../chat/errors";
import type { NetworkBudget } from "../chat/network-budget";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { FrameMeter } from "./frame-meter";

/** While a network's clients have too much refused together, each of these counts so many times. */
const timesInCrowd = 5;

type World = {
  /** The connection's; undefined when nothing is bounded. */
  frames: FrameMeter | undefined;
  network: Network;
  networks: Pick<NetworkBudget, "tryTake">;
  clock: Pick<Clock, "now">;
};

/** When a client was told to wait with a command, and until when. */
type Wait = { toldAt: number; until: number };

/**
 * What one connection is refused though its client could have kept it from happening. Many connections that each stay below
 * what closes one are closed all the same, sooner or later.
 */
export class OwnFaults {
  private readonly waits = new Map<string, Wait>();

  constructor(private readonly world: World) {}

  /** Of a command that was refused. `cameAt`: when it came, in milliseconds. */
  async refused(error: ChatError, name: string, cameAt: number): Promise<void> {
    if (isAvoidable(error) || this.comesEarly(error, name, cameAt)) await this.add();
  }

  async add(): Promise<void> {
    const { frames, network, networks } = this.world;
    if (frames === undefined || frames.isFlooded) return;
    frames.refused();
    if ((await networks.tryTake(network, "refusals")) > 0) frames.refused(timesInCrowd - 1);
  }

  /** Whether the client has asked again although it had been told to wait, for others than itself. */
  private comesEarly({ code, retryAfterMs }: ChatError, name: string, cameAt: number): boolean {
    if (code !== "rate_limited" || retryAfterMs === undefined) return false;
    const told = this.waits.get(name);
    if (told !== undefined && told.toldAt < cameAt && cameAt < told.until) return true;
    const now = this.world.clock.now();
    this.waits.set(name, { toldAt: now, until: now + retryAfterMs });
    return false;
  }
}

/** What a client can keep from happening by itself. */
const isAvoidable = ({ code, scope }: ChatError): boolean =>
  (code === "rate_limited" && scope === undefined) || code === "bad_request" || code === "too_large";
