import type { Ack, Locale, ServerToClient, WireError } from "../../../protocol/events";
import type { ChatState, Link } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import { type Connection, openConnection } from "./connection";
import type { Cancel, Environment, PageMoment } from "./environment";
import { openSessionToken } from "./session-token";

export type LinkState = Pick<ChatState, "link" | "isDegraded">;

export const initialLinkState: LinkState = { link: { is: "connecting", attempt: 0 }, isDegraded: false };

export type ListOptions = {
  locale: Locale;
  changed(patch: Partial<LinkState>): void;
  /** Asks the server for the watched list, and keeps the answer. */
  read(connection: Connection): Promise<Ack<unknown> | undefined>;
  /** Time between reads; without it, only a failure or a new connection causes another read. */
  refreshMs?: number;
  /** How long a hidden tab keeps its connection. */
  hiddenMs: number;
  hears?: Partial<ServerToClient>;
};

/** A connection that joins no room, open while its list is on the page. `open` and `close` may alternate. */
export type ListConnection = {
  open(): void;
  close(): void;
  reconnect(): void;
  refresh(): void;
  ask: Connection["ask"];
};

/** A failed read is tried again after this time. */
const retryReadMs = 4_000;

/** Stands for the answer that a dead link does not give. */
export const unanswered: { ok: false; error: WireError } = {
  ok: false,
  error: { code: "unavailable", message: "There was no answer.", retryable: true },
};

export function keepListConnection(environment: Environment, host: ListOptions): ListConnection {
  const token = openSessionToken(environment.local);
  let current: Connection | undefined;
  /** The connection that replaces `current`, because the replica of that one has asked us to move. */
  let successor: Connection | undefined;
  let attempt = 0;
  /** Kept across failures without a reason: a browser hides the status (429) of a refused upgrade. */
  let reason: WireError | undefined;
  let cancelNext: Cancel = () => {};
  let cancelDrain: Cancel = () => {};
  let cancelSleep: Cancel = () => {};
  let stopWatching: Cancel = () => {};

  const show = (link: Link): void => host.changed({ link });

  function connect(): void {
    shut();
    show({ is: "connecting", attempt, ...(reason && { error: reason }) });
    current = begin();
  }

  function begin(): Connection {
    let used: string | undefined;
    const connection: Connection = openConnection(
      environment,
      () => {
        used = token.current();
        return { protocol: 1, locale: host.locale, ...(used && { token: used }) };
      },
      {
        ...host.hears,
        opened: () => void read(connection),
        ended(error) {
          if (connection === current) lose(error, used);
          else if (connection === successor) loseSuccessor(error);
        },
        "session:started"(event) {
          token.keep(event.token);
          host.hears?.["session:started"]?.(event);
        },
        "status:changed": ({ degraded }) => host.changed({ isDegraded: degraded }),
        "replica:draining": ({ afterMs }) => replaceAfter(connection, afterMs),
      },
    );
    return connection;
  }

  /** Does nothing if the connection has been replaced by then. */
  function replaceAfter(connection: Connection, afterMs: number): void {
    cancelDrain();
    cancelDrain = environment.after(afterMs, () => {
      if (connection === current && !successor) successor = begin();
    });
  }

  /** The old connection still serves. */
  function loseSuccessor(error?: WireError): void {
    successor = undefined;
    if (!current || (error && !error.retryable)) return;
    attempt += 1;
    replaceAfter(current, error?.retryAfterMs ?? retryDelayMs(attempt, environment.random));
  }

  async function read(connection: Connection): Promise<void> {
    const answer = await host.read(connection);
    if (!answer || (connection !== current && connection !== successor)) return;
    if (connection === successor) {
      current?.retire();
      current = successor;
      successor = undefined;
    }
    cancelNext();
    const delayMs = answer.ok ? host.refreshMs : (answer.error.retryAfterMs ?? host.refreshMs ?? retryReadMs);
    if (delayMs !== undefined) cancelNext = environment.after(delayMs, () => void read(connection));
    if (answer.ok) attempt = 0;
    reason = undefined;
    show(
      answer.ok
        ? { is: "live" }
        : { is: "waiting", retryAt: environment.uptimeMs() + (delayMs ?? 0), error: answer.error },
    );
  }

  function lose(told: WireError | undefined, used: string | undefined): void {
    if (successor) {
      cancelNext();
      current = successor;
      successor = undefined;
      show({ is: "connecting", attempt });
      return;
    }
    const error = told ?? reason;
    shut();
    if (error?.code === "invalid_token" && used) {
      token.drop(used);
      connect();
    } else if (error && !error.retryable) show({ is: "refused", error });
    else {
      attempt += 1;
      reason = error;
      const delayMs = error?.retryAfterMs ?? retryDelayMs(attempt, environment.random);
      cancelNext = environment.after(delayMs, connect);
      show({ is: "waiting", retryAt: environment.uptimeMs() + delayMs, ...(error && { error }) });
    }
  }

  function shut(): void {
    cancelNext();
    cancelDrain();
    successor?.close();
    current?.close();
    current = successor = undefined;
  }

  function pageChanged(moment: PageMoment): void {
    if (moment === "shown") cancelSleep();
    if (moment === "hidden")
      cancelSleep = environment.after(host.hiddenMs, () => {
        shut();
        show({ is: "asleep" });
      });
    else if (moment !== "offline" && !current) connect();
  }

  return {
    open() {
      stopWatching = environment.watchPage(pageChanged);
      connect();
    },
    close() {
      stopWatching();
      cancelSleep();
      shut();
    },
    reconnect: connect,
    refresh: () => current && void read(current),
    ask: async (...question) => current?.ask(...question),
  };
}
