import type { Locale, WireError } from "../../../protocol/events";
import type { Link } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { ClientConnection, OpenConnection } from "./connection";
import type { Cancel, Environment, PageMoment } from "./environment";
import { type LinkedConnection, openLinked, type Purpose } from "./linked-connection";
import { openSessionToken } from "./session-token";

/** A tab that is hidden for this long closes its connection; it connects again when shown. */
export const idleMs = 15 * 60_000;
/** An entry rarely takes longer. */
const enteringMs = 1_000;

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
  ask: ClientConnection["ask"];
};

type Candidate = LinkedConnection & {
  /** Replaces it after this time, while it still serves. */
  replaceAfter(delayMs: number): void;
};

export function keepLink<Answer>(environment: Environment, options: LinkOptions<Answer>): LinkKeeper {
  const token = openSessionToken(environment.local);
  let link: Link;
  let current: Candidate | undefined;
  /** The connection that replaces `current`, because the replica of that one has asked us to move. */
  let successor: Candidate | undefined;
  let attempt = 0;
  /** Kept across failures without a reason: a browser hides the status (429) of a refused upgrade. */
  let reason: WireError | undefined;
  let cancelRetry: Cancel = () => {};
  let cancelSleep: Cancel = () => {};

  function show(now: Link): void {
    link = now;
    options.changed(now);
  }

  function wait(delayMs: number, error?: WireError): void {
    show({ is: "waiting", retryAt: environment.uptimeMs() + delayMs, ...(error && { error }) });
  }

  function begin(): Candidate {
    let used: string | undefined;
    let cancelReplacement: Cancel = () => {};
    const purpose = options.purpose();
    const handshake = () => {
      used = token.current();
      return { protocol: 1, locale: options.locale, ...(used && { token: used }) } as const;
    };

    function replaceAfter(delayMs: number): void {
      cancelReplacement();
      cancelReplacement = environment.after(delayMs, () => {
        // A successor whose replica drains too is replaced in turn, once it has taken over.
        if (candidate === successor) replaceAfter(enteringMs);
        else if (candidate === current) successor ??= begin();
      });
    }

    const linked = openLinked(environment, { open: options.open, handshake }, purpose, {
      tokenGiven: token.keep,
      entered(answer) {
        if (takesOver(candidate)) arrive(() => purpose.entered(answer));
      },
      postponed: (delayMs, error) => candidate === current && wait(delayMs, error),
      draining: replaceAfter,
      ended(error) {
        if (candidate === current) lose(error, used);
        else if (candidate === successor) loseSuccessor(error);
      },
    });
    const candidate: Candidate = { ...linked, replaceAfter };
    return candidate;
  }

  function connect(): void {
    cancelRetry();
    show({ is: "connecting", attempt, ...(reason && { error: reason }) });
    current = begin();
  }

  /** False for a retired connection that answers late: accepting that would move the link back to it. */
  function takesOver(candidate: Candidate): boolean {
    if (candidate === successor) {
      current?.retire();
      current = candidate;
      successor = undefined;
    }
    return candidate === current;
  }

  function arrive(take: () => void): void {
    attempt = 0;
    reason = undefined;
    take();
    show({ is: "live" });
  }

  function lose(error: WireError | undefined, used: string | undefined): void {
    current = successor;
    successor = undefined;
    // A new visitor's connection began without the token that it was given.
    const dropped = used ?? token.current();
    if (current) show({ is: "connecting", attempt });
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

  /**
   * The old connection still serves. Retry: the next replica may not be draining, and may have a place for this
   * address.
   */
  function loseSuccessor(error?: WireError): void {
    successor = undefined;
    if (!error || error.retryable) current?.replaceAfter(nextDelayMs(error));
  }

  function nextDelayMs(error?: WireError): number {
    attempt += 1;
    return error?.retryAfterMs ?? retryDelayMs(attempt, environment.random);
  }

  function close(): void {
    // Before anything closes: while the link shows as live, the sender would retry again and again.
    show({ is: "asleep" });
    cancelRetry();
    cancelSleep();
    successor?.close();
    current?.close();
    current = successor = undefined;
  }

  function sleepLater(): void {
    cancelSleep();
    cancelSleep = environment.after(options.hiddenMs, () =>
      options.staysAwake?.() ? sleepLater() : close(),
    );
  }

  function hurry(): void {
    if (current) current.enter();
    else connect();
  }

  return {
    open: connect,
    close,
    hurry,
    reenter: () => current?.enter(),
    pageChanged(moment) {
      if (moment === "shown") cancelSleep();
      if (moment === "hidden") sleepLater();
      else if (moment !== "offline" && link.is !== "live" && link.is !== "refused") hurry();
    },
    ask: async (...question) => current?.ask(...question),
  };
}
