/** Stands in the bundle for what socket.io-client has of its own and we do not need (next.config.js). */

/** Instead of a parser of addresses from before browsers had `URL`. */
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

/** Instead of the delays of its own reconnecting, which is off: retrying is the link's business. */
export class Backoff {
  attempts = 0;
  reset(): void {}
}
