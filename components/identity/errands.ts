import type { Ack, Locale, WireError } from "../../protocol/events";
import { type Connection, openConnection } from "../chat/connection";
import type { World } from "../chat/world";
import { unanswered } from "./account-requests";

/** What a page does over a connection of its own, which it closes again. None of it rejects. */

type Errand<Answer> = {
  token?: string | undefined;
  named?(token: string, done: (answer: Answer) => void): void;
  opened?(connection: Connection, done: (answer: Answer | undefined) => void): void;
};

/** Resolves with the errand's answer, or with why the connection ended before. */
function run<Answer>(world: World, locale: Locale, errand: Errand<Answer>): Promise<Answer | WireError> {
  const { token } = errand;
  return new Promise((resolve) => {
    const finish = (answer: Answer | WireError): void => {
      connection.close();
      resolve(answer);
    };
    const connection = openConnection(world, () => ({ protocol: 1, locale, ...(token && { token }) }), {
      opened: () => errand.opened?.(connection, (answer) => finish(answer ?? unanswered)),
      ended: (error = unanswered) => resolve(error),
      "session:started": (event) => errand.named?.(event.token, finish),
    });
  });
}

/** Becomes a visitor, as whoever enters a room does. */
export async function meet(world: World, locale: Locale): Promise<Ack<{ token: string }>> {
  const outcome = await run<{ token: string }>(world, locale, {
    named: (token, done) => done({ token }),
  });
  return "token" in outcome ? { ok: true, ...outcome } : { ok: false, error: outcome };
}
