/** Stands in the bundle for what Socket.IO does with bytes: our wire is text (docs/decisions/034-text-alone.md, next.config.js). */
export const isBinary = (): boolean => false;
export const hasBinary = isBinary;

const refuse = (): never => {
  throw new Error("this client takes no binary packets");
};
export const deconstructPacket = refuse;
export const reconstructPacket = refuse;
export const decode = refuse;
