import type { Clock } from "./clock";
import type { Logger } from "./logger";

/** What is left after the drain's own bound: closing sockets and quitting the store take far less. */
const closeAllowanceMs = 8_000;

/**
 * Runs `close` once on SIGTERM or SIGINT and ends the process: 0 when it closed in time, 1 when it did not.
 * Next must not have handlers of its own then (NEXT_MANUAL_SIG_HANDLE, set by the build's prelude).
 */
export function exitOnSignals(
  close: () => Promise<void>,
  drainMs: number,
  clock: Clock,
  logger: Logger,
): void {
  let isClosing = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isClosing) return;
    isClosing = true;
    logger.info({ signal }, "draining");
    clock.after(drainMs + closeAllowanceMs, () => {
      logger.error("did not close in time");
      process.exit(1);
    });
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "closing failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
