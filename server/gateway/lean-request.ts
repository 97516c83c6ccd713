import type { ChatSocket } from "./socket-types";

/** What a second handshake over the same connection reads (greetings.ts, and Socket.IO's own handshake). */
const keptHeaders = ["user-agent", "x-forwarded-for", "origin"];

/**
 * Lets go of a connection's HTTP request, but for the little that is still read: otherwise Socket.IO keeps it, with all its
 * headers and streams, for as long as the connection lasts.
 */
export function dropRequest(socket: ChatSocket): void {
  const { conn, handshake } = socket;
  const { headers, socket: tcp, url } = conn.request;
  const kept = Object.fromEntries(
    keptHeaders.flatMap((name) => (name in headers ? [[name, headers[name]]] : [])),
  );
  Object.assign(conn, { request: { headers: kept, socket: tcp, connection: tcp, url, _query: {} } });
  Object.assign(handshake, { headers: kept, auth: {}, query: {} });
}
