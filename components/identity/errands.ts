import type { Ack, Handshake, Locale, WireError } from "../../protocol/events";
import { retryDelayMs } from "../chat/client/backoff";
import { type Connection, openConnection } from "../chat/client/connection";
import type { World } from "../chat/client/world";
import { unanswered } from "./account-requests";

/** What a page does over a connection of its own, which it closes again. None of it rejects. */

type Errand<Answer> = {
  token: () => string | undefined;
  named?(token: string, done: (answer: Answer) => void): void;
  opened?(connection: Connection, done: (answer: Answer | undefined) => void): void;
};

/** Resolves with the errand's answer, or with why the connection ended before. */
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

/** Becomes a visitor, as a browser does that enters a room; `known` is the token that another tab may have got meanwhile. */
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

/** It walks through every room that the visitor has been in. */
const forgettingMs = 60_000;
const forgettingTries = 4;

/**
 * Erases a visitor everywhere, which ends its token. A lost answer is asked for again; a token that is refused only then is
 * the answer.
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
