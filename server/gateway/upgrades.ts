import type { Server as HttpServer, IncomingMessage } from "node:http";

type Listener = (...args: unknown[]) => void;

/**
 * Calls `attach`, which adds its listeners to the server. Upgrades that are its own reach these alone: Next's listener would
 * look for a route first, and keep the request for as long as the connection lasts.
 */
export function takeUpgrades(
  server: HttpServer,
  isOwn: (request: IncomingMessage) => boolean,
  attach: () => void,
): void {
  const others = takeListeners(server);
  attach();
  const own = takeListeners(server);
  server.on("upgrade", (request: IncomingMessage, ...rest: unknown[]) => {
    for (const listener of isOwn(request) ? own : [...others, ...own])
      listener.call(server, request, ...rest);
  });
}

function takeListeners(server: HttpServer): Listener[] {
  const listeners = server.listeners("upgrade") as Listener[];
  server.removeAllListeners("upgrade");
  return listeners;
}
