/**
 * Stands in the bundle for Engine.IO's own parser of addresses, which is older than `URL` and eight times as large
 * (next.config.js). The fields are those that the library reads.
 */
export function parse(uri: string) {
  const { protocol, hostname, port, pathname, search } = new URL(uri);
  return {
    source: uri,
    protocol: protocol.slice(0, -1),
    host: hostname.replace(/^\[|\]$/g, ""),
    port,
    path: pathname,
    query: search.slice(1),
    queryKey: Object.fromEntries(new URLSearchParams(search)),
  };
}
