import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { normalOrigin } from "../../protocol/origin";
import { type Network, widerNetwork, widerShare } from "../lib/network";
import { networkOf } from "./network";
import type { RefusalLog } from "./refusal-log";
import { schemeOf } from "./site-origin";

/** Who may open a connection at all, decided before the handshake. */

export type Site = {
  allowedOrigins: readonly string[];
  isOriginRequired: boolean;
  trustedProxyHops: number;
};

export type AdmissionSettings = Site & {
  connectionsPerAddress: number | undefined;
};

/** Up to so many times its bound a network is told why it is refused; beyond it, it is not let in to be told. */
const openingsPerPlace = 2;

/**
 * W-3: this site is the host that the request was sent to, in the scheme that the trusted proxies tell; a request without an
 * origin does not come from a page. Where no proxy tells, its origin says whether the browser spoke TLS, and with it which
 * port is the default one: a proxy that is not declared may have ended it.
 */
export function isOriginAllowed(request: IncomingMessage, site: Site): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return !site.isOriginRequired;
  const asked = normalOrigin(origin);
  if (asked === undefined) return false;
  if (site.allowedOrigins.includes(asked)) return true;
  const scheme = schemeOf(request, site.trustedProxyHops);
  const own = scheme === undefined ? new URL(asked).protocol : `${scheme}:`;
  return normalOrigin(`${own}//${host ?? ""}`) === asked;
}

type RefusedStatus = "403 Forbidden" | "429 Too Many Requests" | "503 Service Unavailable";

/** Answers an upgrade with a plain refusal: engine.io itself would say 400 to everything. */
function refuseUpgrade(request: IncomingMessage, status: RefusedStatus): void {
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
    private readonly isFlooding: (network: Network) => boolean,
    private readonly refusals: Pick<RefusalLog, "add">,
  ) {}

  /** From now on nobody is let in. */
  close(): void {
    this.isClosed = true;
  }

  /** Refuses the upgrade when it returns false. */
  admits(request: IncomingMessage): boolean {
    if (this.isClosed) refuseUpgrade(request, "503 Service Unavailable");
    else if (!isOriginAllowed(request, this.settings)) {
      this.refusals.add("origin", this.networkOf(request));
      refuseUpgrade(request, "403 Forbidden");
    } else if (
      this.count(request) > this.mostPerAddress * openingsPerPlace ||
      this.isFlooding(this.networkOf(request))
    ) {
      this.refusals.add("upgrade", this.networkOf(request));
      refuseUpgrade(request, "429 Too Many Requests");
    } else return true;
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
