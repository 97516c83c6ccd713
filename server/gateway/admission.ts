import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { normalOrigin } from "../../protocol/origin";
import { type Network, widerNetwork, widerShare } from "../lib/network";
import { networkOf } from "./network";

/** Who may open a connection at all, decided before the handshake. */

export type Site = { allowedOrigins: readonly string[]; isOriginRequired: boolean };

export type AdmissionSettings = Site & {
  trustedProxyHops: number;
  connectionsPerAddress: number | undefined;
};

/** Up to so many times its bound a network is told why it is refused; beyond it, it is not let in to be told. */
const openingsPerPlace = 2;

/**
 * W-3: this site is the host that the request was sent to; a request without an origin does not come from a page. Whether
 * the browser spoke TLS is for its origin to say, and with it which port is the default one: a proxy may have ended it.
 */
export function isOriginAllowed(request: IncomingMessage, site: Site): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return !site.isOriginRequired;
  const asked = normalOrigin(origin);
  if (asked === undefined) return false;
  if (site.allowedOrigins.includes(asked)) return true;
  return normalOrigin(`${new URL(asked).protocol}//${host ?? ""}`) === asked;
}

/** Answers an upgrade with a plain refusal: engine.io itself would say 400 to everything. */
function refuseUpgrade(
  request: IncomingMessage,
  status: "403 Forbidden" | "429 Too Many Requests" | "503 Service Unavailable",
): void {
  request.socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** How many connections each network holds, counted by their TCP sockets. */
export class ConnectionCount {
  private readonly held = new Map<string, Set<Socket>>();

  /**
   * Counts the request's socket until it closes, and returns how many its network then holds, or a share of the wider
   * network's when that is more.
   */
  add(network: Network, { socket }: IncomingMessage): number {
    const own = this.count(network, socket);
    return Math.max(own, Math.ceil(this.count(`wider ${widerNetwork(network)}`, socket) / widerShare));
  }

  private count(network: string, socket: Socket): number {
    const sockets = this.held.get(network) ?? new Set();
    this.held.set(network, sockets);
    if (!sockets.has(socket)) {
      sockets.add(socket);
      socket.once("close", () => {
        sockets.delete(socket);
        if (sockets.size === 0 && this.held.get(network) === sockets) this.held.delete(network);
      });
    }
    return sockets.size;
  }
}

/** Which upgrades are let in. */
export class Admission {
  private readonly connections = new ConnectionCount();
  private isClosed = false;

  /** `isFlooding`: networks whose handshakes are not even to be refused politely. */
  constructor(
    private readonly settings: AdmissionSettings,
    private readonly isFlooding: (network: Network) => boolean = () => false,
  ) {}

  /** From now on nobody is let in. */
  close(): void {
    this.isClosed = true;
  }

  /** Refuses the upgrade when it returns false. */
  admits(request: IncomingMessage): boolean {
    if (this.isClosed) refuseUpgrade(request, "503 Service Unavailable");
    else if (!isOriginAllowed(request, this.settings)) refuseUpgrade(request, "403 Forbidden");
    else if (
      this.count(request) > this.mostPerAddress * openingsPerPlace ||
      this.isFlooding(this.networkOf(request))
    )
      refuseUpgrade(request, "429 Too Many Requests");
    else return true;
    return false;
  }

  /** Whether one that was let in is more than its network may hold. */
  isTooMany(request: IncomingMessage): boolean {
    return this.count(request) > this.mostPerAddress;
  }

  private get mostPerAddress(): number {
    return this.settings.connectionsPerAddress ?? Number.POSITIVE_INFINITY;
  }

  private count(request: IncomingMessage): number {
    return this.connections.add(this.networkOf(request), request);
  }

  private networkOf(request: IncomingMessage): Network {
    return networkOf(request, this.settings.trustedProxyHops);
  }
}
