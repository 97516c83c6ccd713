import { toChatError } from "../redis/store-error";
import type { Arrival } from "./broker";

/** How many connections are entered again at once: far less than a command's time-out holds. */
const returnsAtOnce = 200;

/** Enters connections again after a lost lease. Throws the last refusal; whom it met is a stray still, and tried again. */
export async function enterAll(
  strays: Arrival[],
  enterAgain: (arrival: Arrival) => Promise<void>,
): Promise<void> {
  const refusals: unknown[] = [];
  for (let first = 0; first < strays.length; first += returnsAtOnce) {
    const outcomes = await Promise.allSettled(strays.slice(first, first + returnsAtOnce).map(enterAgain));
    for (const outcome of outcomes) if (outcome.status === "rejected") refusals.push(outcome.reason);
    // A store that has ceased to answer is not asked on and on.
    if (refusals.some((refusal) => toChatError(refusal).code === "unavailable")) break;
  }
  if (refusals.length > 0) throw refusals.at(-1);
}
