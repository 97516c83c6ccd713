import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import { toChatError } from "../../../redis/store-error";

type PeriodicStepsOptions = {
  clock: Clock;
  logger: Logger;
  steps: readonly (() => Promise<void>)[];
  /** Called after each round, with the error that ended it before its last step. */
  ended(error?: unknown): void;
};

/** Repeats the same steps, one round at a time. */
export class PeriodicSteps {
  private readonly stop: () => void;
  private running: Promise<void> | undefined;
  private isResting = false;
  private lastFault = "";

  constructor(
    private readonly options: PeriodicStepsOptions,
    everyMs: number,
  ) {
    this.stop = options.clock.every(everyMs, () => void this.go());
  }

  /** Begins a round, unless one is under way. Never rejects. */
  go(): Promise<void> {
    if (this.isResting) return Promise.resolve();
    this.running ??= this.goOnce().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Begins no more rounds; resolves when the one under way has ended. */
  async rest(): Promise<void> {
    this.isResting = true;
    this.stop();
    await this.running;
  }

  private async goOnce(): Promise<void> {
    try {
      await this.takeSteps();
      this.options.ended();
    } catch (error) {
      this.options.ended(error);
      this.options.logger.debug({ err: error }, "presence round failed");
    }
  }

  /** A refusal of one step must not hold up the others; only a store that does not answer ends the round. */
  private async takeSteps(): Promise<void> {
    let fault = "";
    for (const step of this.options.steps) {
      try {
        await step();
      } catch (error) {
        const { code } = toChatError(error);
        if (code === "unavailable") throw error;
        fault = code;
        if (fault !== this.lastFault)
          this.options.logger.error({ err: error }, "presence steps keep failing");
      }
    }
    this.lastFault = fault;
  }
}
