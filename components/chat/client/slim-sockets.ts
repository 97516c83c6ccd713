/**
 * Stands in the bundle for what Socket.IO's client has and this page does not need: bytes, a wait between reconnections, and
 * a reader of any address in any browser (docs/decisions/034-slim-sockets.md, next.config.js).
 */

export const isBinary = (): boolean => false;
export const hasBinary = isBinary;

const refuse = (): never => {
  throw new Error("this client takes no binary packets");
};
export const deconstructPacket = refuse;
export const reconstructPacket = refuse;
export const decode = refuse;

/** The link decides when to connect again: `reconnection` is off. */
export class Backoff {
  setMin(): void {}
  setMax(): void {}
  setJitter(): void {}
  reset(): void {}
}

/** An address of this site. A host of IPv6 comes without its brackets, as the client puts them back. */
export function parse(source: string) {
  const { protocol, hostname, port } = new URL(source);
  return { source, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\]]/g, ""), port };
}
