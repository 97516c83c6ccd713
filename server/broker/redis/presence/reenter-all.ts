import { inParts } from "../../../lib/in-parts";
import { toChatError } from "../../../redis/store-error";
import type { MemberRequest } from "../../membership";

/** How many connections enter again at once: far fewer than the store admits within a command's time-out. */
const returnsAtOnce = 200;

type ReenterOptions = {
  enterAgain(request: MemberRequest): Promise<void>;
  /** Whether some rooms may be away while the others are there. */
  isCluster: boolean;
};

/**
 * Enters connections again after a lost lease. Throws the last refusal, but not that of a room which alone is away; refused
 * connections keep their old id, and the next round retries them.
 */
export async function reenterAll(
  underOldId: MemberRequest[],
  { enterAgain, isCluster }: ReenterOptions,
): Promise<void> {
  const refusals: unknown[] = [];
  for (const requests of inParts(underOldId, returnsAtOnce)) {
    const outcomes = await Promise.allSettled(requests.map(enterAgain));
    for (const outcome of outcomes) if (outcome.status === "rejected") refusals.push(outcome.reason);
    // Stop asking a store that no longer answers.
    if (!isCluster && refusals.some(isUnavailable)) break;
  }
  const told = isCluster ? refusals.filter((refusal) => !isUnavailable(refusal)) : refusals;
  if (told.length > 0) throw told.at(-1);
}

const isUnavailable = (refusal: unknown): boolean => toChatError(refusal).code === "unavailable";
