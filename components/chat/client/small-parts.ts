/** Small replacements in the bundle for modules of socket.io-client (next.config.js). */

/** Replaces a parser of addresses that is older than `URL`. */
export function parse(address: string) {
  const { protocol, hostname, port, pathname, search } = new URL(address);
  return {
    source: address,
    protocol: protocol.slice(0, -1),
    // The library puts the brackets of IPv6 back.
    host: hostname.replace(/^\[|\]$/g, ""),
    port,
    path: pathname,
    query: search.slice(1),
    queryKey: Object.fromEntries(new URLSearchParams(search)),
  };
}

/** Replaces the delays of the library's own reconnecting, which is off: the link retries. */
export class Backoff {
  attempts = 0;
  reset(): void {}
}
