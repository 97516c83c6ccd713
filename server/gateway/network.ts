import type { IncomingMessage } from "node:http";
import { type Network, noNetwork, parseNetwork } from "../lib/network";

/**
 * Whose network a request came from, as told by the last `trustedHops` proxies and by nothing a client can write. Where a
 * proxy did not say (`unknown`, `_hidden`), it stands for its clients itself.
 */
export function networkOf(request: IncomingMessage, trustedHops: number): Network {
  let network = parseNetwork(request.socket.remoteAddress ?? "") ?? noNetwork;
  for (const place of forwardedPlaces(request).slice(0, trustedHops)) {
    const told = parseNetwork(place);
    if (told === undefined) return network;
    network = told;
  }
  return network;
}

/** The places of X-Forwarded-For, the nearest proxy's word first. A list may have empty places, which count for nothing. */
function forwardedPlaces({ headers }: IncomingMessage): string[] {
  const header = headers["x-forwarded-for"] ?? [];
  return [header]
    .flat()
    .flatMap((line) => line.split(","))
    .filter((place) => place.trim() !== "")
    .reverse();
}
