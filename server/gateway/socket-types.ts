import type { Server, Socket } from "socket.io";
import type { ClientToServer, Locale, ServerToClient } from "../../protocol/events";
import type { Visitor } from "../accounts/identity";
import type { KeptSession } from "../accounts/sessions";
import type { Network } from "../lib/network";

/** `isNew`: the handshake has made the visitor. `token`: until the client has been given it. */
export type SocketFacts = {
  visitor: Visitor;
  isNew: boolean;
  network: Network;
  session: KeptSession;
  locale: Locale;
  token: string | undefined;
};
type Nothing = Record<string, never>;

export type ChatServer = Server<ClientToServer, ServerToClient, Nothing, SocketFacts>;
export type ChatSocket = Socket<ClientToServer, ServerToClient, Nothing, SocketFacts>;
