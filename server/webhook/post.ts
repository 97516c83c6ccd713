import type { WebhookBody } from "./events";
import { signatureOf } from "./signature";

/** A receiver that hangs must not keep the others waiting. */
export const postMs = 5_000;

export type WebhookTarget = { url: string; secret: string };

/**
 * Posts an event. Throws unless it was received: an answer of 200 to 299 within `postMs`. A redirect is not followed:
 * events go to the owner's receiver alone.
 */
export async function postEvent(
  { url, secret }: WebhookTarget,
  event: WebhookBody,
  now: number,
): Promise<void> {
  const body = JSON.stringify(event);
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "Madang",
      "Madang-Delivery": event.id,
      "Madang-Signature": signatureOf(secret, body, Math.floor(now / 1_000)),
    },
    body,
    signal: AbortSignal.timeout(postMs),
  });
  // The answer is not read.
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the receiver of the webhook answered ${response.status}`);
}
