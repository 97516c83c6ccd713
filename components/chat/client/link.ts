import type { WireError } from "../../../protocol/events";
import type { Link } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { ClientConnection } from "./connection";
import type { Cancel, Environment, PageMoment } from "./environment";
import { createHandover, type HandoverOptions } from "./handover";
import { openSessionToken } from "./session-token";
import { createTabSleep, type SleepOptions } from "./tab-sleep";

/** A tab that is hidden for this long closes its connection; it connects again when shown. */
export const idleMs = 15 * 60_000;

export type LinkOptions<Answer> = Omit<HandoverOptions<Answer>, "token"> &
  SleepOptions & { changed(link: Link): void };

/**
 * Keeps one connection that serves: retries, changes replicas when asked to, sleeps and wakes with the tab. `open` and
 * `close` may alternate.
 */
export type LinkKeeper = {
  open(): void;
  close(): void;
  /** Ends a wait: connects, or enters, now. */
  hurry(): void;
  /** Enters again, if there is a connection. */
  reenter(): void;
  pageChanged(moment: PageMoment): void;
  ask: ClientConnection["ask"];
};

export function keepLink<Answer>(environment: Environment, options: LinkOptions<Answer>): LinkKeeper {
  const token = openSessionToken(environment.local);
  let link: Link;
  let attempt = 0;
  /** Kept across failures without a reason: a browser hides the status (429) of a refused upgrade. */
  let reason: WireError | undefined;
  let cancelRetry: Cancel = () => {};

  const sleep = createTabSleep(environment, options, close);
  const handover = createHandover(
    environment,
    { ...options, token },
    {
      entered() {
        attempt = 0;
        reason = undefined;
        show({ is: "live" });
      },
      postponed: wait,
      lost,
      nextDelayMs,
    },
  );

  function show(now: Link): void {
    link = now;
    options.changed(now);
  }

  function wait(delayMs: number, error?: WireError): void {
    show({ is: "waiting", retryAt: environment.uptimeMs() + delayMs, ...(error && { error }) });
  }

  function connect(): void {
    cancelRetry();
    show({ is: "connecting", attempt, ...(reason && { error: reason }) });
    handover.begin();
  }

  function lost(error: WireError | undefined, used: string | undefined, isReplaced: boolean): void {
    // A new visitor's connection began without the token that it was given.
    const dropped = used ?? token.current();
    if (isReplaced) show({ is: "connecting", attempt });
    else if (error?.code === "invalid_token" && dropped) {
      token.drop(dropped);
      connect();
    } else if (error && !error.retryable) show({ is: "refused", error });
    else retry(error);
  }

  function retry(error = reason): void {
    reason = error;
    const delayMs = nextDelayMs(error);
    cancelRetry = environment.after(delayMs, connect);
    wait(delayMs, error);
  }

  function nextDelayMs(error?: WireError): number {
    attempt += 1;
    return retryDelayMs(environment, attempt, error);
  }

  function close(): void {
    // Before anything closes: while the link shows as live, the sender would retry again and again.
    show({ is: "asleep" });
    cancelRetry();
    sleep.cancel();
    handover.close();
  }

  function hurry(): void {
    const current = handover.current();
    if (current) current.enter();
    else connect();
  }

  return {
    open: connect,
    close,
    hurry,
    reenter: () => handover.current()?.enter(),
    pageChanged(moment) {
      if (moment === "shown") sleep.cancel();
      if (moment === "hidden") sleep.begin();
      else if (moment !== "offline" && link.is !== "live" && link.is !== "refused") hurry();
    },
    ask: async (...question) => handover.current()?.ask(...question),
  };
}
