import type { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { NetworkBudget } from "../limits/network-budget";
import type { FloodMeter } from "./flood-meter";

/** While a network's clients together exceed its rate of refusals, each refusal counts this many times. */
const timesInCrowd = 5;

type AvoidableRefusalsOptions = {
  /** The connection's meter; undefined when nothing is bounded. */
  floodMeter: FloodMeter | undefined;
  network: Network;
  networks: Pick<NetworkBudget, "tryTake">;
  clock: Pick<Clock, "now">;
};

/** When a client was told to wait with a command, and until when. */
type Wait = { toldAt: number; until: number };

/**
 * Counts the refusals that one connection's client could have avoided. Connections that each stay below the closing
 * limit are still closed if their network collects too many.
 */
export class AvoidableRefusals {
  private readonly waits = new Map<string, Wait>();

  constructor(private readonly options: AvoidableRefusalsOptions) {}

  /** Counts a refused command. `cameAt`: when it arrived, in milliseconds. */
  async refused(error: ChatError, name: string, cameAt: number): Promise<void> {
    if (isAvoidable(error) || this.comesEarly(error, name, cameAt)) await this.add();
  }

  async add(): Promise<void> {
    const { floodMeter, network, networks } = this.options;
    if (floodMeter === undefined || floodMeter.isFlooded) return;
    floodMeter.refused();
    if ((await networks.tryTake(network, "refusals")) > 0) floodMeter.refused(timesInCrowd - 1);
  }

  /**
   * Whether the client repeated a command before the wait it was told is over. That wait may be for a limit not its
   * own.
   */
  private comesEarly({ code, retryAfterMs }: ChatError, name: string, cameAt: number): boolean {
    if (code !== "rate_limited" || retryAfterMs === undefined) return false;
    const told = this.waits.get(name);
    if (told !== undefined && told.toldAt < cameAt && cameAt < told.until) return true;
    const now = this.options.clock.now();
    this.waits.set(name, { toldAt: now, until: now + retryAfterMs });
    return false;
  }
}

/** Whether the client can avoid this refusal by itself. */
const isAvoidable = ({ code, scope }: ChatError): boolean =>
  (code === "rate_limited" && scope === undefined) || code === "bad_request" || code === "too_large";
