import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import proxyAddr from "proxy-addr";

/** Who may open a connection at all, decided before the handshake. */

export type Site = { allowedOrigins: readonly string[]; isOriginRequired: boolean };

export type AdmissionSettings = Site & {
  trustedProxyHops: number;
  connectionsPerAddress: number | undefined;
};

/** Up to so many times its bound an address is told why it is refused; beyond it, it is not let in to be told. */
const openingsPerPlace = 2;

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

/**
 * What one subscriber is given: an IPv4 address, or the first half of an IPv6 one, which may choose the rest of it anew for
 * each request.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!plain.includes(":")) return plain;
  const [before = [], after = []] = plain
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const between = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const groups = plain.includes("::") ? [...before, ...between, ...after] : before;
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/** Answers an upgrade with a plain refusal: engine.io itself would say 400 to everything. */
function refuseUpgrade(
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

/** Which upgrades are let in. */
export class Admission {
  private readonly addresses = new AddressCount();
  private isClosed = false;

  constructor(private readonly settings: AdmissionSettings) {}

  /** From now on nobody is let in. */
  close(): void {
    this.isClosed = true;
  }

  /** Refuses the upgrade when it returns false. */
  admits(request: IncomingMessage): boolean {
    if (this.isClosed) refuseUpgrade(request, "503 Service Unavailable");
    else if (!isOriginAllowed(request, this.settings)) refuseUpgrade(request, "403 Forbidden");
    else if (this.count(request) > this.mostPerAddress * openingsPerPlace)
      refuseUpgrade(request, "429 Too Many Requests");
    else return true;
    return false;
  }

  /** Whether one that was let in is more than its address may hold. */
  isTooMany(request: IncomingMessage): boolean {
    return this.count(request) > this.mostPerAddress;
  }

  private get mostPerAddress(): number {
    return this.settings.connectionsPerAddress ?? Number.POSITIVE_INFINITY;
  }

  private count(request: IncomingMessage): number {
    return this.addresses.add(addressOf(request, this.settings.trustedProxyHops), request);
  }
}
