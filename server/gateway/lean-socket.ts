import type { EventEmitter } from "node:events";
import type { ChatSocket } from "./socket-types";

/**
 * Drops what Socket.IO and Engine.IO keep of a connection until it ends, and nothing reads after the handshake: a third of
 * what they take. Fields that they do not document are harmless to set if they are gone: tests/unit/lean-socket.test.ts
 * tells then.
 */
export function dropSpares(socket: ChatSocket): void {
  const { conn, client } = socket;
  // The HTTP request with its headers and streams, as Socket.IO's documentation advises.
  Object.assign(conn, { request: null });
  Object.assign(socket, { handshake: noHandshake, acks: noAcks });
  // Events reach connections by themselves; a room of its own serves broadcasts to one.
  socket.leave(socket.id);
  // Response headers are those of polling.
  removeFor("headers", conn.transport);
  shrink(conn, "cleanupFn");
  shrink(socket, "_anyListeners");
  shrink(Reflect.get(Reflect.get(client, "decoder"), "_callbacks"), "$decoded");
}

const noHandshake = { headers: {}, auth: {}, query: {} };
/** The server asks for no acks. */
const noAcks: ReadonlyMap<number, unknown> = new Map();

/** A listener's table keeps its size when a listener is removed, so it is made anew. */
function removeFor(event: string, emitter: EventEmitter): void {
  const names = emitter.eventNames().filter((name) => name !== event);
  const listeners = names.map((name) => [name, emitter.rawListeners(name)] as const);
  emitter.removeAllListeners();
  for (const [name, some] of listeners)
    for (const listener of some) emitter.on(name, listener as (...args: unknown[]) => void);
}

/** V8 gives an array room for sixteen more when something is pushed to it. */
function shrink(owner: unknown, field: string): void {
  if (typeof owner !== "object" || owner === null) return;
  const list: unknown = Reflect.get(owner, field);
  if (Array.isArray(list)) Reflect.set(owner, field, [...list]);
}
