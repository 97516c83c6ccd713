import type { IncomingMessage } from "node:http";
import { type Network, noNetwork, parseNetwork } from "../lib/network";

/**
 * The network that a request came from, as reported by the last `trustedHops` proxies and never by what a client can
 * write. A proxy that does not say (`unknown`, `_hidden`) stands for its clients itself.
 */
export function networkOf(request: IncomingMessage, trustedHops: number): Network {
  let network = parseNetwork(request.socket.remoteAddress ?? "") ?? noNetwork;
  for (const hop of forwardedHops(request).slice(0, trustedHops)) {
    const told = parseNetwork(hop);
    if (told === undefined) return network;
    network = told;
  }
  return network;
}

/** The entries of X-Forwarded-For, the nearest proxy's first. A list may have empty entries, which are skipped. */
function forwardedHops({ headers }: IncomingMessage): string[] {
  const header = headers["x-forwarded-for"] ?? [];
  return [header]
    .flat()
    .flatMap((line) => line.split(","))
    .filter((hop) => hop.trim() !== "")
    .reverse();
}
