import type { ServerResponse } from "node:http";
import type { ErrorCode, WireError } from "../../protocol/events";
import type { Logger } from "../lib/logger";
import { refusalOf } from "./refusal";

/** The answer of an HTTP route of the site. */
export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; body: object };

/** The status that fits each code of W-6. */
const statuses: Record<ErrorCode, number> = {
  bad_request: 400,
  invalid_token: 401,
  forbidden: 403,
  banned: 403,
  muted: 403,
  read_only: 403,
  not_joined: 403,
  room_not_found: 404,
  room_exists: 409,
  room_closed: 410,
  name_taken: 409,
  rate_limited: 429,
  too_large: 413,
  expired: 410,
  unavailable: 503,
  proof_required: 403,
  storage_full: 507,
  internal: 500,
};

/** A refusal as an HTTP answer. */
export function toHttpRefusal(
  error: unknown,
  logger: Logger,
): HttpAnswer & { body: { ok: false; error: WireError } } {
  const known = refusalOf(error, logger, "a request failed");
  const { retryAfterMs } = known;
  const wait = retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(retryAfterMs / 1_000)) };
  return {
    status: statuses[known.code],
    headers: { "Cache-Control": "no-store", ...wait },
    body: { ok: false, error: known.toWire() },
  };
}

export function sendAnswer(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
