import type { Ack, Handshake, Locale, WireError } from "../../protocol/events";
import { retryDelayMs } from "../chat/client/backoff";
import { type ClientConnection, openConnection } from "../chat/client/connection";
import type { Environment } from "../chat/client/environment";
import { unanswered } from "./account-requests";

/** One-off actions, each over a connection of its own that is closed afterwards. None rejects. */

type OneOff<Answer> = {
  token: () => string | undefined;
  tokenGiven?(token: string, done: (answer: Answer) => void): void;
  opened?(connection: ClientConnection, done: (answer: Answer | undefined) => void): void;
};

/** Resolves with the server's answer, or with the error with which the connection ended first. */
function openOnce<Answer>(
  environment: Environment,
  locale: Locale,
  oneOff: OneOff<Answer>,
): Promise<Answer | WireError> {
  const handshake = (): Handshake => {
    const token = oneOff.token();
    return { protocol: 1, locale, ...(token && { token }) };
  };
  return new Promise((resolve) => {
    const finish = (answer: Answer | WireError): void => {
      connection.close();
      resolve(answer);
    };
    const connection = openConnection(environment, handshake, {
      opened: () => oneOff.opened?.(connection, (answer) => finish(answer ?? unanswered)),
      ended: (error = unanswered) => resolve(error),
      "session:started": (event) => oneOff.tokenGiven?.(event.token, finish),
    });
  });
}

/**
 * Becomes a visitor, as a browser does on entering a room; `known` returns the token that another tab may have stored.
 */
export async function becomeVisitor(
  environment: Environment,
  locale: Locale,
  known: () => string | undefined,
): Promise<Ack<{ token: string }>> {
  const outcome = await openOnce<{ token: string }>(environment, locale, {
    token: known,
    tokenGiven: (token, done) => done({ token }),
  });
  return "token" in outcome ? { ok: true, ...outcome } : { ok: false, error: outcome };
}

/** The server walks through every room that the visitor has been in. */
const forgettingMs = 60_000;
const forgettingTries = 4;

/**
 * Erases a visitor everywhere, which ends its token. A lost answer is retried; when the retry's token is refused, an
 * earlier try has succeeded.
 */
export async function forget(
  environment: Environment,
  locale: Locale,
  { token, password }: { token: string; password?: string | undefined },
): Promise<Ack> {
  let hasAsked = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await openOnce<Ack>(environment, locale, {
      token: () => token,
      opened(connection, done) {
        hasAsked = true;
        const input = password === undefined ? {} : { password };
        void connection.ask("visitor:forget", input, forgettingMs).then(done);
      },
    });
    if ("ok" in outcome) return outcome;
    if (hasAsked && outcome.code === "invalid_token") return { ok: true };
    if (!outcome.retryable || attempt === forgettingTries) return { ok: false, error: outcome };
    await new Promise<void>((resolve) => {
      environment.after(retryDelayMs(environment, attempt, outcome), resolve);
    });
  }
}
