import type { Server, Socket } from "socket.io";
import type { ClientToServer, Locale, ServerToClient } from "../../protocol/events";
import type { Visitor } from "../chat/identity";

export type SocketFacts = { visitor: Visitor; token: string; locale: Locale };
type Nothing = Record<string, never>;

export type ChatServer = Server<ClientToServer, ServerToClient, Nothing, SocketFacts>;
export type ChatSocket = Socket<ClientToServer, ServerToClient, Nothing, SocketFacts>;
