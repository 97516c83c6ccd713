import type { JoinAnswer, Locale, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent, ChatState, Link } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { OpenConnection } from "./connection";
import type { Cancel, Environment } from "./environment";
import { type JoinedConnection, openJoinedConnection } from "./joined-connection";
import { openSessionToken } from "./session-token";

/** A tab that is hidden for this long closes its connection; it connects again when shown. */
export const idleMs = 15 * 60_000;
/** A join rarely takes longer. */
const joiningMs = 1_000;

export type LinkHost = {
  room: RoomId;
  locale: Locale;
  openConnection: OpenConnection;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  /** The room is joined and commands are answered. */
  live(): void;
};

/** Keeps one connection in the room: retries, changes replicas when asked to, sleeps and wakes with the tab. */
export type LinkKeeper = {
  open(): void;
  /** Leaves the room at once; the other members see it. */
  leave(): void;
  /** Retries a postponed connection or join now. */
  hurry(): void;
  rejoin(): void;
  fallAsleepLater(): void;
  stayAwake(): void;
  ask: JoinedConnection["ask"];
};

export function keepLink(environment: Environment, host: LinkHost): LinkKeeper {
  const token = openSessionToken(environment.local);
  let current: JoinedConnection | undefined;
  /** The connection that replaces `current`, because the replica of that one has asked us to move. */
  let successor: JoinedConnection | undefined;
  let attempt = 0;
  /** Kept across failures without a reason: a browser hides the status (429) of a refused upgrade. */
  let reason: WireError | undefined;
  let cancelRetry: Cancel = () => {};
  let cancelDrain: Cancel = () => {};
  let cancelSleep: Cancel = () => {};

  const show = (link: Link): void => host.dispatch({ type: "link:changed", link });

  function begin(): JoinedConnection {
    let used: string | undefined;
    const connection: JoinedConnection = openJoinedConnection(
      environment,
      {
        room: host.room,
        openConnection: host.openConnection,
        cursor: () => host.state().feed.cursor,
        handshake() {
          used = token.current();
          return { protocol: 1, locale: host.locale, ...(used && { token: used }) };
        },
      },
      {
        tokenGiven: token.keep,
        heard: host.dispatch,
        joined: (answer) => arrive(connection, answer),
        postponed: (retryAt, error) => connection === current && show({ is: "waiting", retryAt, error }),
        draining: replaceAfter,
        ended(error) {
          if (connection === current) lose(error, used);
          else if (connection === successor) loseSuccessor(error);
        },
      },
    );
    return connection;
  }

  function connect(): void {
    cancelRetry();
    show({ is: "connecting", attempt, ...(reason && { error: reason }) });
    current = begin();
  }

  function arrive(connection: JoinedConnection, answer: JoinAnswer): void {
    if (connection !== current) {
      // A retired connection answers late: accepting that would move the room back to it.
      if (connection !== successor) return;
      current?.retire();
      current = connection;
      successor = undefined;
    }
    attempt = 0;
    reason = undefined;
    host.dispatch({ type: "room:joined", answer });
    show({ is: "live" });
    host.live();
  }

  function lose(error: WireError | undefined, used: string | undefined): void {
    cancelDrain();
    current = successor;
    successor = undefined;
    if (current) show({ is: "connecting", attempt });
    else if (error?.code === "invalid_token" && used) {
      token.drop(used);
      connect();
    } else if (error && !error.retryable) show({ is: "refused", error });
    else retry(error);
  }

  function retry(error = reason): void {
    reason = error;
    const delayMs = nextDelayMs(error);
    cancelRetry = environment.after(delayMs, connect);
    show({ is: "waiting", retryAt: environment.uptimeMs() + delayMs, ...(error && { error }) });
  }

  function replaceAfter(afterMs: number): void {
    cancelDrain();
    cancelDrain = environment.after(afterMs, () => {
      // The successor's replica drains too: wait until the successor has joined, then replace it in turn.
      if (successor) replaceAfter(joiningMs);
      else if (current) successor = begin();
    });
  }

  /**
   * The old connection still serves. Retry: the next replica may not be draining, and may have a place for this
   * address.
   */
  function loseSuccessor(error?: WireError): void {
    successor = undefined;
    if (error && !error.retryable) return;
    replaceAfter(nextDelayMs(error));
  }

  function nextDelayMs(error?: WireError): number {
    attempt += 1;
    return error?.retryAfterMs ?? retryDelayMs(attempt, environment.random);
  }

  function shut(end: "close" | "leave"): void {
    // Before anything closes: while the link shows as live, the sender would retry again and again.
    show({ is: "asleep" });
    cancelRetry();
    cancelDrain();
    cancelSleep();
    successor?.close();
    current?.[end]();
    current = successor = undefined;
  }

  /**
   * New messages come only over a connection, so a visitor with alerts on stays connected. Each timer asks anew: the setting
   * may have changed.
   */
  function fallAsleepLater(): void {
    cancelSleep = environment.after(idleMs, () =>
      environment.wantsAlerts() ? fallAsleepLater() : shut("close"),
    );
  }

  return {
    open: connect,
    leave: () => shut("leave"),
    hurry() {
      if (current) current.join();
      else connect();
    },
    rejoin: () => current?.join(),
    fallAsleepLater,
    stayAwake: () => cancelSleep(),
    ask: async (...question) => current?.ask(...question),
  };
}
