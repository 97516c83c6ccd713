import { toChatError } from "../../../redis/store-error";
import type { Arrival } from "../../membership";

/** How many connections enter again at once: far fewer than the store admits within a command's time-out. */
const returnsAtOnce = 200;

/**
 * Enters connections again after a lost lease. Throws the last refusal; refused connections keep their old name, and the
 * next round retries them.
 */
export async function reenterAll(
  underOldName: Arrival[],
  enterAgain: (arrival: Arrival) => Promise<void>,
): Promise<void> {
  const refusals: unknown[] = [];
  for (let first = 0; first < underOldName.length; first += returnsAtOnce) {
    const outcomes = await Promise.allSettled(
      underOldName.slice(first, first + returnsAtOnce).map(enterAgain),
    );
    for (const outcome of outcomes) if (outcome.status === "rejected") refusals.push(outcome.reason);
    // Stop asking a store that no longer answers.
    if (refusals.some((refusal) => toChatError(refusal).code === "unavailable")) break;
  }
  if (refusals.length > 0) throw refusals.at(-1);
}
