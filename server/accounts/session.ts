import type { VisitorId } from "../../protocol/events";

/**
 * The visitor that a token stands for. A generation is a moment, in milliseconds since 1970 by the store's clock: 0, or
 * when this visitor's tokens were last ended. Tokens of an older generation are invalid (ID-1). `since`: when the
 * visitor first came, by the clock of the replica that it came to; missing in tokens, codes and accounts of older versions.
 */
export type Session = { visitor: VisitorId; generation: number; since?: number; device?: DeviceId };

/** Identifies the successive tokens of one browser. It holds letters, digits, `-` and `_` only. */
export type DeviceId = string;

/** The end of a visitor's tokens of older generations, or of those of one device. */
export type TokenEnd = Pick<Session, "visitor" | "generation" | "device">;

/** The key of an end: of a visitor's tokens, or of those of one device. A visitor's id has no dot. */
export const endKey = ({ visitor, device }: Pick<Session, "visitor" | "device">): string =>
  device === undefined ? visitor : `${visitor}.${device}`;

export function readEnd(key: string, generation: number): TokenEnd {
  const [visitor = "", device] = key.split(".");
  return { visitor, generation, ...(device !== undefined && { device }) };
}
