import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { normalOrigin } from "../../protocol/origin";
import { type Network, widerNetwork, widerShare } from "../lib/network";
import { networkOf } from "./network";
import type { RefusalLog } from "./refusal-log";
import { schemeOf } from "./site-origin";

/** Decides before the handshake which requests may open a connection. */

export type Site = {
  allowedOrigins: readonly string[];
  isOriginRequired: boolean;
  trustedProxyHops: number;
};

export type AdmissionSettings = Site & {
  connectionsPerAddress: number | undefined;
};

/**
 * A network over its connection limit is told why it is refused; over this multiple of it, its upgrades are refused
 * unread.
 */
const openingsPerConnection = 2;

/**
 * W-3: allows the listed origins and the site's own: the host that the request was sent to, in the scheme that the
 * trusted proxies report. A request without an origin does not come from a page. If no proxy reports a scheme, take the
 * origin's own, and with it the default port: an undeclared proxy may have ended TLS.
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
  private readonly sockets = new Map<string, Set<Socket>>();

  /**
   * Counts the request's socket until it closes. Returns the network's count, or its share of the wider network's count
   * if that is higher.
   */
  add(network: Network, { socket }: IncomingMessage): number {
    const wider = `wider ${widerNetwork(network)}`;
    const [own, all] = [this.of(network), this.of(wider)];
    if (!own.has(socket)) {
      own.add(socket);
      all.add(socket);
      socket.on("close", () => {
        this.remove(network, socket);
        this.remove(wider, socket);
      });
    }
    return Math.max(own.size, Math.ceil(all.size / widerShare));
  }

  private of(network: string): Set<Socket> {
    const sockets = this.sockets.get(network) ?? new Set();
    this.sockets.set(network, sockets);
    return sockets;
  }

  private remove(network: string, socket: Socket): void {
    const sockets = this.sockets.get(network);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.sockets.delete(network);
  }
}

/** Accepts or refuses upgrades. */
export class Admission {
  private readonly connections = new ConnectionCount();
  private isClosed = false;

  /** `isFlooding`: networks whose upgrades get a bare 429 instead of a handshake that says why. */
  constructor(
    private readonly settings: AdmissionSettings,
    private readonly isFlooding: (network: Network) => boolean,
    private readonly refusals: Pick<RefusalLog, "add">,
  ) {}

  /** Refuses every upgrade from now on. */
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
      this.count(request) > this.mostPerAddress * openingsPerConnection ||
      this.isFlooding(this.networkOf(request))
    ) {
      this.refusals.add("upgrade", this.networkOf(request));
      refuseUpgrade(request, "429 Too Many Requests");
    } else return true;
    return false;
  }

  /** Whether an accepted connection is over its network's limit. */
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
