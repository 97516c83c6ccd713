import type { Ack, Role } from "../../protocol/events";
import { unanswered } from "../chat/client/list-connection";

const patienceMs = 10_000;

/** `token`: that of the new visitor, if the browser had none. */
type Claimed = Ack<{ role: Role; token?: string }>;

/** O-9: over HTTP, since a banned visitor has no connection. Never rejects: no answer becomes `unavailable`. */
export async function claimOwner(key: string, token: string | undefined): Promise<Claimed> {
  try {
    const response = await fetch("/api/owner/claim", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ key }),
      // Browsers without AbortSignal.timeout wait until the network gives up.
      signal: AbortSignal.timeout?.(patienceMs) ?? null,
    });
    const answer = (await response.json()) as Claimed;
    return typeof answer.ok === "boolean" ? answer : unanswered;
  } catch {
    return unanswered;
  }
}
