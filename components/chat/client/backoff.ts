import type { WireError } from "../../../protocol/events";
import type { Environment } from "./environment";

const maxDelayMs = 5_000;

/**
 * How long to wait before the given attempt (1 is the first retry), unless the server has named a time. Quick at first, because a killed replica's
 * visitors must be back within 5 s; spread out, because they all come at once.
 */
export function retryDelayMs({ random }: Environment, attempt: number, error?: WireError): number {
  if (error?.retryAfterMs !== undefined) return error.retryAfterMs;
  if (attempt <= 1) return 200 + 300 * random();
  const full = Math.min(maxDelayMs, 500 * 2 ** (attempt - 1));
  return full * (0.5 + 0.5 * random());
}
