import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Pace } from "../lib/pace";
import { corkThisTurn } from "./end-of-turn";

type Listener = (...args: unknown[]) => void;

/**
 * Calls `attach`, which adds its listeners to the server. Upgrades that are its own reach these alone: Next's listener would
 * look for a route first, and keep the request for as long as the connection lasts. `pace`: that of its own upgrades.
 */
export function takeUpgrades(
  server: HttpServer,
  { isOwn, pace }: { isOwn: (request: IncomingMessage) => boolean; pace: Pace },
  attach: () => void,
): void {
  const others = takeListeners(server);
  attach();
  const own = takeListeners(server);
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const hand = (listeners: Listener[]) => {
      for (const listener of listeners) listener.call(server, request, socket, head);
    };
    if (!isOwn(request)) return hand([...others, ...own]);
    // Node leaves the socket without a listener, so that an error would end the process.
    socket.on("error", ignore);
    pace.run(() => {
      if (!socket.destroyed) {
        // The answer and Engine.IO's first packet leave together.
        corkThisTurn(socket);
        hand(own);
      }
      socket.off("error", ignore);
    });
  });
}

const ignore = (): void => undefined;

function takeListeners(server: HttpServer): Listener[] {
  const listeners = server.listeners("upgrade") as Listener[];
  server.removeAllListeners("upgrade");
  return listeners;
}
