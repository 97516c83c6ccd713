import type { Ack, Locale, ServerToClient, WireError } from "../../../protocol/events";
import { retryDelayMs } from "./backoff";
import type { ClientConnection, OpenConnection } from "./connection";
import type { Cancel, Environment } from "./environment";
import type { SessionToken } from "./session-token";

/** How a connection enters, and what it hears: it joins a room, or reads a list. Each connection has its own. */
export type EntryPlan<Answer> = {
  hears: Partial<ServerToClient>;
  /** Asks the command with which the connection begins to serve. */
  enter(connection: ClientConnection): Promise<Ack<Answer> | undefined>;
  /** Called with each answer, unless another connection has taken over. `status:changed` is heard after it. */
  entered(answer: Answer): void;
  /** True if the server refuses every other command before `enter`. */
  isEntryFirst?: boolean;
  /** After a refused entry the next one waits at least this long, unless the server names a time. */
  leastRetryMs?: number;
};

export type LinkedOptions = { locale: Locale; token: SessionToken; open: OpenConnection };

export type LinkedListener<Answer> = {
  entered(answer: Answer): void;
  /** The entry was refused for now; it is tried again after `delayMs`. */
  postponed(delayMs: number, error: WireError): void;
  draining(afterMs: number): void;
  /** `used`: the token of its handshake. */
  ended(error?: WireError, used?: string): void;
};

/** A connection that enters as soon as it opens. */
export type LinkedConnection = Pick<ClientConnection, "ask" | "retire" | "close"> & {
  /** Enters again now; if it is just doing so, and the store does not answer, once more. */
  enter(): void;
};

export function openLinked<Answer>(
  environment: Environment,
  { locale, token, open }: LinkedOptions,
  plan: EntryPlan<Answer>,
  listener: LinkedListener<Answer>,
): LinkedConnection {
  const { hears, isEntryFirst } = plan;
  let used: string | undefined;
  /** A new connection is told of a degraded replica only. */
  let status = { degraded: false };
  let hasEntered = false;

  /** A connection that does not serve yet must not tell of its replica: another one may be serving. */
  const tellStatus = () => hasEntered && hears["status:changed"]?.(status);

  const handshake = () => {
    used = token.current();
    return { protocol: 1, locale, ...(used && { token: used }) } as const;
  };

  const connection = open(environment, handshake, {
    ...hears,
    opened: () => entry.open(),
    ended(error) {
      entry.close();
      listener.ended(error, used);
    },
    "session:started"(event) {
      token.keep(event.token);
      hears["session:started"]?.(event);
    },
    "status:changed"(event) {
      status = event;
      tellStatus();
      if (!event.degraded) entry.resume();
    },
    "replica:draining": ({ afterMs }) => listener.draining(afterMs),
  });

  const entry = createEntry(environment, plan, connection, {
    ...listener,
    entered(answer) {
      hasEntered = true;
      listener.entered(answer);
      tellStatus();
    },
    refused(error) {
      close();
      listener.ended(error, used);
    },
  });

  function close(): void {
    entry.close();
    connection.close();
  }

  return {
    // Where the server would refuse it for good, the caller gets `undefined`, and asks again.
    ask: async (...question) => (hasEntered || !isEntryFirst ? connection.ask(...question) : undefined),
    enter: entry.begin,
    retire() {
      entry.close();
      connection.retire();
    },
    close,
  };
}

type EntryListener<Answer> = Pick<LinkedListener<Answer>, "entered" | "postponed"> & {
  refused(error: WireError): void;
};

/** Enters over an open connection, one entry at a time, and again when the server has refused it for now. */
function createEntry<Answer>(
  environment: Environment,
  { enter, leastRetryMs = 0 }: EntryPlan<Answer>,
  connection: ClientConnection,
  listener: EntryListener<Answer>,
) {
  let refusals = 0;
  let isOpen = false;
  let isEntering = false;
  /** Asked to enter while it does. */
  let isDue = false;
  let cancelNext: Cancel = () => {};

  async function begin(): Promise<void> {
    isDue = isEntering;
    if (!isOpen || isEntering) return;
    cancelNext();
    isEntering = true;
    const answer = await enter(connection);
    isEntering = false;
    // Retired while it entered: accepting the answer would move the link back to it.
    if (!isOpen) return;
    if (answer?.ok) {
      refusals = 0;
      listener.entered(answer);
    } else if (answer?.error.retryable) {
      if (isDue && answer.error.code === "unavailable") void begin();
      else postpone(answer.error);
    } else if (answer) listener.refused(answer.error);
  }

  function postpone(error: WireError): void {
    refusals += 1;
    const delayMs = error.retryAfterMs ?? Math.max(leastRetryMs, retryDelayMs(environment, refusals));
    cancelNext = environment.after(delayMs, begin);
    listener.postponed(delayMs, error);
  }

  return {
    begin,
    /** The store is back. */
    resume(): void {
      if (isEntering || refusals) void begin();
    },
    open(): void {
      isOpen = true;
      void begin();
    },
    close(): void {
      isOpen = false;
      cancelNext();
    },
  };
}
