import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { counterAt } from "../records/kinds";
import type { Records, Write } from "../records/records";

/**
 * At most `limit` uses within `windowMs` of the first. `key`, part of a key, holds letters, digits, `-` and `_` only.
 */
export type AccountQuota = { key: string; limit: number; windowMs: number };

/** How often account requests were made, shared by all replicas. */
export class QuotaStore {
  constructor(private readonly records: Records) {}

  /**
   * Spends one of each quota, or none: then throws ChatError("rate_limited") with the wait until all have one. Throws
   * ChatError("unavailable") when the outcome is unknown. A full store does not refuse it.
   */
  async spend(quotas: readonly AccountQuota[]): Promise<void> {
    const counters = quotas.map(({ key }) => counterAt(recordKeys.accounts.quota(key)));
    if (quotas.length === 0) return;
    return this.records.step(async (step) => {
      const answers = await step.read(
        ...counters.map((counter) => counter.count()),
        ...counters.map((counter) => counter.leftMs()),
      );
      const [counts, lefts] = [answers.slice(0, counters.length), answers.slice(counters.length)];
      const waits = quotas.map(({ limit }, index) =>
        (counts[index] ?? 0) < limit ? 0 : (lefts[index] ?? 0),
      );
      const waitMs = Math.max(...waits);
      if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
      const writes = counters.flatMap((counter, index): Write[] => {
        const windowMs = quotas[index]?.windowMs ?? 0;
        return counts[index] === 0 ? [counter.increment(), counter.keep(windowMs)] : [counter.increment()];
      });
      await step.write(writes, { evenWhenFull: true });
    });
  }
}
