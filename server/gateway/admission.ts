import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import proxyAddr from "proxy-addr";

/** Who may open a connection at all, decided before the handshake. */

type Site = { allowedOrigins: readonly string[]; isOriginRequired: boolean };

/** W-3: this site is the host that the request was sent to; a request without an origin does not come from a page. */
export function isOriginAllowed(request: IncomingMessage, site: Site): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return !site.isOriginRequired;
  if (site.allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** The client's address, as told by the last `trustedHops` proxies and by nobody else. */
export const addressOf = (request: IncomingMessage, trustedHops: number): string =>
  proxyAddr(request, (_address, hop) => hop < trustedHops);

/** Answers an upgrade with a plain refusal: engine.io itself would say 400 to everything. */
export function refuseUpgrade(
  request: IncomingMessage,
  status: "403 Forbidden" | "429 Too Many Requests" | "503 Service Unavailable",
): void {
  request.socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** How many connections each address holds, counted by their TCP sockets. */
export class AddressCount {
  private readonly held = new Map<string, Set<Socket>>();

  /** Counts the request's socket until it closes, and returns how many its address then holds. */
  add(address: string, { socket }: IncomingMessage): number {
    const sockets = this.held.get(address) ?? new Set();
    this.held.set(address, sockets);
    if (!sockets.has(socket)) {
      sockets.add(socket);
      socket.once("close", () => {
        sockets.delete(socket);
        if (sockets.size === 0 && this.held.get(address) === sockets) this.held.delete(address);
      });
    }
    return sockets.size;
  }
}
