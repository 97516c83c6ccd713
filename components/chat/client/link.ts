import type { Locale, WireError } from "../../../protocol/events";
import type { Link } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { Connection, OpenConnection } from "./connection";
import type { Cancel, Environment, PageMoment } from "./environment";
import { createHandover } from "./handover";
import { type LinkedListener, openLinked, type Purpose } from "./linked-connection";
import { openSessionToken } from "./session-token";

/** A tab that is hidden for this long closes its connection; it connects again when shown. */
export const idleMs = 15 * 60_000;

export type LinkOptions<Answer> = {
  locale: Locale;
  open: OpenConnection;
  /** Makes what the next connection is opened for. */
  purpose(): Purpose<Answer>;
  changed(link: Link): void;
  /** How long a hidden tab keeps its connection. */
  hiddenMs: number;
  /** Asked again each time that time is over. */
  staysAwake?(): boolean;
};

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
  ask: Connection["ask"];
};

export function keepLink<Answer>(environment: Environment, options: LinkOptions<Answer>): LinkKeeper {
  const token = openSessionToken(environment.local);
  /** The token of the last handshake. */
  let used: string | undefined;
  let link: Link;
  let attempt = 0;
  /** Kept across failures without a reason: a browser hides the status (429) of a refused upgrade. */
  let reason: WireError | undefined;
  let cancelRetry: Cancel = () => {};

  const handover = createHandover(environment, {
    open,
    entered(take) {
      attempt = 0;
      reason = undefined;
      take();
      show({ is: "live" });
    },
    postponed: wait,
    moved: () => show({ is: "connecting", attempt }),
    lost,
    delayMs,
  });

  let cancelSleep: Cancel = () => {};
  function sleepLater(): void {
    cancelSleep();
    cancelSleep = environment.after(options.hiddenMs, () =>
      options.staysAwake?.() ? sleepLater() : close(),
    );
  }

  function open(listener: Omit<LinkedListener, "tokenGiven">) {
    const handshake = () => {
      used = token.current();
      return { protocol: 1, locale: options.locale, ...(used && { token: used }) } as const;
    };
    const to = { open: options.open, handshake };
    return openLinked(environment, to, options.purpose(), { ...listener, tokenGiven: token.keep });
  }

  function show(now: Link): void {
    link = now;
    options.changed(now);
  }

  function wait(ms: number, error?: WireError): void {
    show({ is: "waiting", retryAt: environment.uptimeMs() + ms, ...(error && { error }) });
  }

  function connect(): void {
    cancelRetry();
    show({ is: "connecting", attempt, ...(reason && { error: reason }) });
    handover.begin();
  }

  function lost(error = reason): void {
    if (error?.code === "invalid_token" && used) {
      token.drop(used);
      connect();
    } else if (error && !error.retryable) show({ is: "refused", error });
    else {
      reason = error;
      const ms = delayMs(error);
      cancelRetry = environment.after(ms, connect);
      wait(ms, error);
    }
  }

  function delayMs(error?: WireError): number {
    attempt += 1;
    return error?.retryAfterMs ?? retryDelayMs(attempt, environment.random);
  }

  function close(): void {
    // Before anything closes: while the link shows as live, the sender would retry again and again.
    show({ is: "asleep" });
    cancelRetry();
    cancelSleep();
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
      if (moment === "shown") cancelSleep();
      if (moment === "hidden") sleepLater();
      else if (moment !== "offline" && link.is !== "live" && link.is !== "refused") hurry();
    },
    ask: async (...question) => handover.current()?.ask(...question),
  };
}
