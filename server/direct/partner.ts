import type { VisitorId } from "../../protocol/events";
import { visitorIdPattern } from "../../protocol/limits";
import { ChatError } from "../errors";

/** Throws ChatError("bad_request") for an id that cannot be a partner's. */
export function checkPartner(visitor: VisitorId, partner: VisitorId): void {
  if (!visitorIdPattern.test(partner)) throw new ChatError("bad_request", "This isn’t a visitor’s ID.");
  if (partner === visitor) throw new ChatError("bad_request", "This is your own ID.");
}
