import type { Ack, Locale, ServerToClient, WireError } from "../../../protocol/events";
import { retryDelayMs } from "./backoff";
import type { ClientConnection, OpenConnection } from "./connection";
import type { Cancel, Environment } from "./environment";
import type { SessionToken } from "./session-token";

/** What a connection is opened for, such as a room to join or a list to read. Each connection has its own. */
export type Purpose<Answer> = {
  hears: Partial<ServerToClient>;
  /** Asks the command with which the connection begins to serve. */
  enter(connection: ClientConnection): Promise<Ack<Answer> | undefined>;
  /** Called with each answer, unless another connection has taken over. */
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
  /** Enters again now, unless it is just doing so. */
  enter(): void;
};

export function openLinked<Answer>(
  environment: Environment,
  { locale, token, open }: LinkedOptions,
  purpose: Purpose<Answer>,
  listener: LinkedListener<Answer>,
): LinkedConnection {
  const { hears, isEntryFirst, leastRetryMs = 0 } = purpose;
  let refusals = 0;
  let isOpen = false;
  let isEntering = false;
  let hasEntered = false;
  let used: string | undefined;
  let cancelNext: Cancel = () => {};

  const handshake = () => {
    used = token.current();
    return { protocol: 1, locale, ...(used && { token: used }) } as const;
  };

  const connection = open(environment, handshake, {
    ...hears,
    opened() {
      isOpen = true;
      void enter();
    },
    ended(error) {
      cancelNext();
      listener.ended(error, used);
    },
    "session:started"(event) {
      token.keep(event.token);
      hears["session:started"]?.(event);
    },
    "status:changed"(event) {
      hears["status:changed"]?.(event);
      if (refusals > 0 && !event.degraded) void enter();
    },
    "replica:draining": ({ afterMs }) => listener.draining(afterMs),
  });

  async function enter(): Promise<void> {
    if (!isOpen || isEntering) return;
    cancelNext();
    isEntering = true;
    const answer = await purpose.enter(connection);
    isEntering = false;
    if (answer?.ok) welcome(answer);
    else if (answer) refuse(answer.error);
  }

  function welcome(answer: Answer): void {
    refusals = 0;
    hasEntered = true;
    listener.entered(answer);
  }

  function refuse(error: WireError): void {
    if (error.retryable) {
      refusals += 1;
      const delayMs = error.retryAfterMs ?? Math.max(leastRetryMs, retryDelayMs(environment, refusals));
      cancelNext = environment.after(delayMs, enter);
      listener.postponed(delayMs, error);
    } else {
      close();
      listener.ended(error, used);
    }
  }

  function close(): void {
    isOpen = false;
    cancelNext();
    connection.close();
  }

  return {
    // Where the server would refuse it for good, the caller gets `undefined`, and asks again.
    ask: async (...question) => (hasEntered || !isEntryFirst ? connection.ask(...question) : undefined),
    enter: () => void enter(),
    retire() {
      isOpen = false;
      cancelNext();
      connection.retire();
    },
    close,
  };
}
