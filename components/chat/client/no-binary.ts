/**
 * Stands in the bundle for what socket.io-parser and engine.io-parser have for binary packets: our wire is JSON only (W-1).
 * A binary frame fails to decode, and the library then closes the connection.
 */
export const isBinary = (): boolean => false;
export const hasBinary = isBinary;

export function decode(): never {
  throw new Error("A binary packet, which no server of ours sends");
}
export const deconstructPacket = decode;
export const reconstructPacket = decode;
