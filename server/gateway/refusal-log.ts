import { createHmac } from "node:crypto";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { addressOf, type Network } from "../lib/network";

/** Refusals worth a log line: those that an operator may want to stop at the proxy, not a hasty visitor's. */
export type RefusalReason = "flood" | "budget" | "handshake" | "upgrade" | "origin" | "socket";

/** A flood must not fill the disk: repeats of a refusal within this time are counted and logged as one line. */
const windowMs = 10_000;
/** How many networks get a line of their own within a window; further ones are logged as one number. */
const mostLines = 30;

type Counted = { network: Network | undefined; reason: RefusalReason; more: number };
type Options = {
  logger: Logger;
  clock: Clock;
  /** The same on all replicas, so that they log the same digest for a network. */
  secret: Uint8Array;
  /** LOG_ADDRESSES */
  areAddressesLogged: boolean;
};

/** Logs refusals under the network's keyed digest; the address is added only where the operator asks for it. */
export class RefusalLog {
  private counted = new Map<string, Counted>();
  private stop: (() => void) | undefined;

  constructor(private readonly options: Options) {}

  add(reason: RefusalReason, network: Network): void {
    this.stop ??= this.options.clock.after(windowMs, () => this.endWindow());
    const known = this.counted.get(`${reason} ${network}`);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    if (this.counted.size < mostLines) {
      this.counted.set(`${reason} ${network}`, { reason, network, more: 0 });
      this.write({ reason, network }, 1);
      return;
    }
    const others = this.counted.get(reason) ?? { reason, network: undefined, more: 0 };
    others.more += 1;
    this.counted.set(reason, others);
  }

  /** Logs the counts of the current window. */
  close(): void {
    this.stop?.();
    this.endWindow();
  }

  private endWindow(): void {
    this.stop = undefined;
    const { counted } = this;
    this.counted = new Map();
    for (const { more, ...refusal } of counted.values()) if (more > 0) this.write(refusal, more);
  }

  private write({ reason, network }: Omit<Counted, "more">, count: number): void {
    const { logger, areAddressesLogged } = this.options;
    const from = network === undefined ? {} : { network: this.digest(network) };
    const address = network !== undefined && areAddressesLogged ? { address: addressOf(network) } : {};
    logger.warn({ refusal: reason, ...from, ...address, count }, "refused");
  }

  private digest(network: Network): string {
    return createHmac("sha256", this.options.secret)
      .update(`log ${network}`)
      .digest("base64url")
      .slice(0, 16);
  }
}
