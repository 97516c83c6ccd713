import { isIPv4, isIPv6 } from "node:net";

/**
 * One subscriber's network, the unit of limits for strangers: an IPv4 address, or the first 64 bits of an IPv6 address,
 * since a subscriber may choose the rest anew for each request.
 */
export type Network = string & { readonly brand: "network" };

/** Shared by connections whose peer has no address: a Unix socket, or a socket that has closed. */
export const noNetwork = "none" as Network;

/** The suffix of an address: a port, or the label that RFC 7239 lets a proxy write instead. */
const portBehind = /:[\w.-]*$/;

/** A wider network may do as much as this many of its networks. */
export const widerShare = 4;

/**
 * The /24 around an IPv4 network, or the /48 around an IPv6 one: many providers give one subscriber several networks of
 * it.
 */
export function widerNetwork(network: Network): string {
  if (network === noNetwork) return network;
  const separator = network.includes(":") ? ":" : ".";
  return network.split(separator).slice(0, 3).join(separator);
}

/**
 * Reads an address as proxies write it: bare, in quotes, in brackets, with a port, with an IPv6 zone. An IPv4 address
 * mapped into IPv6 gives the IPv4 network. Undefined for anything else, such as `unknown` or `_hidden`.
 */
export function parseNetwork(text: string): Network | undefined {
  const plain = text
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
  const [, bracketed] = /^\[([^\]]*)\](?::[\w.-]*)?$/.exec(plain) ?? [];
  if (bracketed !== undefined) return networkOfV6(bracketed);
  return networkOfAny(plain) ?? networkOfAny(plain.replace(portBehind, ""));
}

const networkOfAny = (address: string): Network | undefined =>
  isIPv4(address) ? (address as Network) : networkOfV6(address);

function networkOfV6(address: string): Network | undefined {
  const plain = address.replace(/%.*$/, "");
  if (!isIPv6(plain)) return undefined;
  const groups = groupsOf(plain);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join(".") as Network;
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":") as Network;
}

/** The eight groups of an IPv6 address. URL writes the last 32 bits in hexadecimal, even if they came as IPv4. */
function groupsOf(address: string): number[] {
  const [before = "", after = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const read = (part: string) =>
    part.split(":").flatMap((group) => (group === "" ? [] : [Number.parseInt(group, 16)]));
  const [head, tail] = [read(before), read(after)];
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** The notation for blocking it in a firewall: an IPv4 address, or an IPv6 range. */
export const addressOf = (network: Network): string =>
  network === noNetwork || isIPv4(network) ? network : `${network}::/64`;
