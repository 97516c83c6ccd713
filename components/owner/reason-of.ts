import { reasons } from "../chat/moderation/reasons";
import type { Translate } from "../words/words";

/** A reason in the reader's language, if it is one of those offered; others are in words of their own. */
export function reasonOf(reason: string, t: Translate): string {
  const known = reasons.find((each) => each === reason);
  return known === undefined ? reason : t(`reason.${known}`);
}
