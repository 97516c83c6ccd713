import type { Clock } from "./clock";
import type { Logger } from "./logger";
import { startup } from "./startup";

/** The time for closing after the drain: closing sockets and quitting the store take far less. */
const closeAllowanceMs = 8_000;

/** npm forwards a signal that the terminal has already sent to its children: that is one signal, not two. */
const sameSignalMs = 500;

/**
 * Runs `close` once and ends the process: with 0 when it closed in time, with 1 when it did not. SIGTERM gives it
 * `drainMs`; SIGINT, from a terminal, none. A second signal ends the process at once. server/before-next.mjs installs
 * the handlers when the process begins; under `next dev` there are none.
 */
export function exitOnSignals(
  close: (drainMs: number) => Promise<void>,
  drainMs: number,
  clock: Clock,
  logger: Logger,
): void {
  let closingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals, withinMs: number) => {
    if (closingSince !== undefined) {
      if (clock.now() - closingSince > sameSignalMs) process.exit(1);
      return;
    }
    closingSince = clock.now();
    logger.info({ signal, withinMs }, "draining; a second signal ends at once");
    clock.after(withinMs + closeAllowanceMs, () => {
      logger.error("did not close in time");
      process.exit(1);
    });
    close(withinMs).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "closing failed");
        process.exit(1);
      },
    );
  };
  startup()?.handleSignals((signal) => onSignal(signal, signal === "SIGINT" ? 0 : drainMs));
}
