import type { WireError } from "../../../protocol/events";
import type { Link } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { ClientConnection } from "./connection";
import type { Cancel, Environment, PageMoment } from "./environment";
import { createHandover, type HandoverOptions } from "./handover";
import { openSessionToken } from "./session-token";
import { createTabSleep, type SleepOptions } from "./tab-sleep";

/**
 * From top to bottom, each part uses the one below:
 *
 *   link               one that serves, over failures, sleep and drains; ChatClient and lists hold it
 *   handover           the connection that serves, and its successor while its replica drains
 *   linked-connection  a connection that enters: joins a room, or reads a list (its EntryPlan), also again after a refusal
 *   connection         one socket from its handshake to its end, with the answers that it owes (questions)
 *   opening            how it comes to its socket: the deadline, a new visitor's turn and proof
 *   sockets            socket.io-client
 */

/** A tab that is hidden for this long closes its connection; it connects again when shown. */
export const idleMs = 15 * 60_000;

/** A page that shows a ban asks about this often whether it was lifted. */
export const banLookMs = 20_000;

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
  const retries = createRetries(environment);
  const sleep = createTabSleep(environment, options, { sleep: close, wake: () => canConnect && hurry() });
  const listener = { entered, postponed: wait, lost, nextDelayMs: retries.nextDelayMs };
  const handover = createHandover(environment, { ...options, token }, listener);
  let canConnect = true;

  function show(link: Link): void {
    canConnect = link.is !== "live" && link.is !== "refused";
    options.changed(link);
  }

  function wait(delayMs: number, error?: WireError): void {
    show({ is: "waiting", retryAt: environment.uptimeMs() + delayMs, ...(error && { error }) });
  }

  function connect(): void {
    retries.cancel();
    show({ is: "connecting", ...retries.soFar() });
    handover.begin();
  }

  function entered(): void {
    retries.reset();
    show({ is: "live" });
  }

  function lost(error: WireError | undefined, used: string | undefined, isReplaced: boolean): void {
    // A new visitor's connection began without the token that it was given.
    const dropped = used ?? token.current();
    if (isReplaced) show({ is: "connecting", attempt: retries.soFar().attempt });
    else if (error?.code === "invalid_token" && dropped) {
      token.drop(dropped);
      connect();
    } else if (error && !error.retryable) {
      show({ is: "refused", error });
      // In silence: the page goes on showing the ban.
      if (error.code === "banned") retries.later(handover.begin, banLookMs);
    } else wait(retries.plan(connect, error), retries.soFar().error);
  }

  function close(): void {
    // Before anything closes: while the link shows as live, the sender would retry again and again.
    show({ is: "asleep" });
    retries.cancel();
    sleep.cancel();
    handover.close();
  }

  function hurry(): void {
    if (!handover.enter()) connect();
  }

  return {
    open: connect,
    close,
    hurry,
    reenter: () => void handover.enter(),
    pageChanged: sleep.pageChanged,
    ask: handover.ask,
  };
}

/** The failures since the link was last live, and the next try. */
function createRetries(environment: Environment) {
  let attempt = 0;
  /** Kept across failures without a reason: a browser hides the status (429) of a refused upgrade. */
  let reason: WireError | undefined;
  let cancel: Cancel = () => {};

  function nextDelayMs(error?: WireError): number {
    attempt += 1;
    return retryDelayMs(environment, attempt, error);
  }

  return {
    soFar: () => ({ attempt, ...(reason && { error: reason }) }),
    nextDelayMs,
    /** Returns the time until then. */
    plan(retry: () => void, error = reason): number {
      reason = error;
      const delayMs = nextDelayMs(error);
      cancel = environment.after(delayMs, retry);
      return delayMs;
    },
    /** After about that time. */
    later(retry: () => void, ms: number): void {
      cancel = environment.after(ms * (0.5 + environment.random()), retry);
    },
    cancel: () => cancel(),
    reset(): void {
      attempt = 0;
      reason = undefined;
    },
  };
}
