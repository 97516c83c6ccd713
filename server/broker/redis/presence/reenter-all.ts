import { inParts } from "../../../lib/in-parts";
import { toChatError } from "../../../redis/store-error";
import type { MemberRequest } from "../../membership";

/** How many connections enter again at once: far fewer than the store admits within a command's time-out. */
const returnsAtOnce = 200;

/**
 * Enters connections again after a lost lease. Throws the last refusal; refused connections keep their old id, and the
 * next round retries them.
 */
export async function reenterAll(
  underOldId: MemberRequest[],
  enterAgain: (request: MemberRequest) => Promise<void>,
): Promise<void> {
  const refusals: unknown[] = [];
  for (const requests of inParts(underOldId, returnsAtOnce)) {
    const outcomes = await Promise.allSettled(requests.map(enterAgain));
    for (const outcome of outcomes) if (outcome.status === "rejected") refusals.push(outcome.reason);
    // Stop asking a store that no longer answers.
    if (refusals.some((refusal) => toChatError(refusal).code === "unavailable")) break;
  }
  if (refusals.length > 0) throw refusals.at(-1);
}
