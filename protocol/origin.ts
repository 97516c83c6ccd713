/** A scheme, a host and perhaps a port: no path, user or query. */
const originShape = /^https?:\/\/[^\s/\\?#@]+\/?$/i;

/**
 * An origin in its normal form: lower case, punycode, the short form of an IPv6 address, no default port, no dot at the
 * end of the host. Undefined for text that is not an http or https origin.
 */
export function normalOrigin(text: string): string | undefined {
  if (!originShape.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port } = new URL(text);
  const host = hostname.replace(/\.$/, "");
  if (host === "") return undefined;
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}`;
}
