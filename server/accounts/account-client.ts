import type { VisitorId } from "../../protocol/events";
import type { Network } from "../lib/network";
import type { TokenSession } from "./identity";
import type { Sessions } from "./sessions";

/** Who asks: from which network, with which token, if any, and with what kind of browser. */
export type AccountClient = { network: Network; token: string | undefined; deviceName?: string };

/** The visitor that the client is from now on. */
export type Welcome = { visitor: { id: VisitorId }; token: string };

/** The session of the client's token. Throws ChatError("invalid_token"), also without a token. */
export async function sessionOf(sessions: Sessions, { token }: AccountClient): Promise<TokenSession> {
  const session = await sessions.read(token);
  // The store's steps refuse only visitors that were ended, so check for a device that was ended here.
  if (session.device !== undefined) await sessions.check(session);
  return session;
}

export const welcome = ({ visitor, token }: { visitor: VisitorId; token: string }): Welcome => ({
  visitor: { id: visitor },
  token,
});
