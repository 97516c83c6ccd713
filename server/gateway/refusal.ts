import { ChatError } from "../errors";
import type { Logger } from "../lib/logger";

/**
 * The one place that decides what a client learns of an error (W-5). An unexpected error is logged as `event` and
 * becomes `internal`: the client gets no details.
 */
export function refusalOf(error: unknown, logger: Logger, event: string): ChatError {
  if (error instanceof ChatError && error.code !== "internal") return error;
  logger.error({ err: error }, event);
  return error instanceof ChatError ? error : new ChatError("internal");
}
