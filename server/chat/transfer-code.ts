import { createHash } from "node:crypto";
import { customAlphabet } from "nanoid";

/** Without those that look like another one, typed or read aloud from a phone: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const letters = "34679ACDEFGHJKMNPQRTWXY";
const groups = 4;
const groupLength = 4;

const make = customAlphabet(letters, groups * groupLength);
const shape = new RegExp(`^[${letters}]{${groups * groupLength}}$`);

/** 72 random bits in groups of four: `K7QM-34XA-…`. */
export const makeTransferCode = (): string => (make().match(/.{4}/g) ?? []).join("-");

/**
 * What is kept of a code; it cannot be made again from that. The same for small letters and however it is grouped.
 * Undefined for what is no code at all.
 */
export function digestTransferCode(text: string): string | undefined {
  // First: nothing below is to be carried out on a long text.
  if (text.length > maxTypedLength) return undefined;
  const code = text.replace(/[\s\p{Pd}]/gu, "").toUpperCase();
  return shape.test(code)
    ? createHash("sha256").update(`madang transfer ${code}`).digest("base64url")
    : undefined;
}

const maxTypedLength = 64;
