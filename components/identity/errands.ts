import type { Ack, Handshake, Locale, WireError } from "../../protocol/events";
import { retryDelayMs } from "../chat/client/backoff";
import { type Connection, openConnection } from "../chat/client/connection";
import type { World } from "../chat/client/world";
import { unanswered } from "./account-requests";

/** One-off actions, each over a connection of its own that is closed afterwards. None rejects. */

type Errand<Answer> = {
  token: () => string | undefined;
  named?(token: string, done: (answer: Answer) => void): void;
  opened?(connection: Connection, done: (answer: Answer | undefined) => void): void;
};

/** Resolves with the errand's answer, or with the error with which the connection ended first. */
function run<Answer>(world: World, locale: Locale, errand: Errand<Answer>): Promise<Answer | WireError> {
  const handshake = (): Handshake => {
    const token = errand.token();
    return { protocol: 1, locale, ...(token && { token }) };
  };
  return new Promise((resolve) => {
    const finish = (answer: Answer | WireError): void => {
      connection.close();
      resolve(answer);
    };
    const connection = openConnection(world, handshake, {
      opened: () => errand.opened?.(connection, (answer) => finish(answer ?? unanswered)),
      ended: (error = unanswered) => resolve(error),
      "session:started": (event) => errand.named?.(event.token, finish),
    });
  });
}

/**
 * Becomes a visitor, as a browser does on entering a room; `known` returns the token that another tab may have stored.
 */
export async function meet(
  world: World,
  locale: Locale,
  known: () => string | undefined,
): Promise<Ack<{ token: string }>> {
  const outcome = await run<{ token: string }>(world, locale, {
    token: known,
    named: (token, done) => done({ token }),
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
  world: World,
  locale: Locale,
  { token, password }: { token: string; password?: string | undefined },
): Promise<Ack> {
  let hasAsked = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await run<Ack>(world, locale, {
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
      world.after(outcome.retryAfterMs ?? retryDelayMs(attempt, world.random), resolve);
    });
  }
}
