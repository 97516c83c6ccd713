import { createHmac, randomInt } from "node:crypto";
import { createChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import type { Challenge, Proof } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { SharedRates } from "./shared-rates";

/** Enough for a slow phone that is put away meanwhile. */
const validMs = 120_000;
/** How long a used challenge is remembered: longer than it is valid, even if the replicas' clocks differ. */
const usedMs = 3 * validMs;
/** Together about 100,000 iterations: a tenth of a second on a phone (docs/decisions/045-proof-of-work.md). */
const cost = 1_000;
const leastTries = 50;
const mostTries = 150;

type ProofsOptions = { rates: SharedRates; clock: Clock; logger: Logger };

/** Challenges that a new visitor solves to show that its id has cost it something. */
export class Proofs {
  private readonly secrets: { hmacSignatureSecret: string; hmacKeySignatureSecret: string };

  /** `secret` is the same on all replicas. */
  constructor(
    private readonly options: ProofsOptions,
    secret: Uint8Array,
  ) {
    const secretFor = (use: string) => createHmac("sha256", secret).update(`proof ${use}`).digest("hex");
    this.secrets = {
      hmacSignatureSecret: secretFor("challenge"),
      hmacKeySignatureSecret: secretFor("solution"),
    };
  }

  challenge(): Promise<Challenge> {
    return createChallenge({
      algorithm: "PBKDF2/SHA-256",
      cost,
      counter: randomInt(leastTries, mostTries + 1),
      deriveKey,
      expiresAt: Math.ceil((this.options.clock.now() + validMs) / 1_000),
      ...this.secrets,
    });
  }

  /** True once, over all replicas, for each of our challenges that was solved in time. Never throws. */
  async accepts({ challenge, solution }: Proof): Promise<boolean> {
    const isInTime = (challenge.parameters.expiresAt ?? 0) * 1_000 > this.options.clock.now();
    if (!isInTime || challenge.signature === undefined) return false;
    const verdict = await verifySolution({ challenge, solution, deriveKey, ...this.secrets }).catch(
      () => undefined,
    );
    return verdict?.verified === true && this.isFirstUse(challenge.signature);
  }

  /**
   * Accepts the proof while the store is away: no proofs are asked for then, and a visitor that brings one can do
   * nothing.
   */
  private async isFirstUse(signature: string): Promise<boolean> {
    const rate = { perSecond: 1_000 / usedMs, burst: 1 };
    try {
      const [waitMs = 0] = await this.options.rates.take(`proof-${signature}`, [{ key: "used", rate }]);
      return waitMs === 0;
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not tell whether a proof was used before");
      return true;
    }
  }
}
