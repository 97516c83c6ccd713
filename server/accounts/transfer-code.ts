import { createHash } from "node:crypto";
import { customAlphabet } from "nanoid";

/** Leaves out characters that are confused when typed or read aloud from a phone: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const letters = "34679ACDEFGHJKMNPQRTWXY";
const groups = 4;
const groupLength = 4;

const make = customAlphabet(letters, groups * groupLength);
const shape = new RegExp(`^[${letters}]{${groups * groupLength}}$`);

/** 72 random bits in groups of four: `K7QM-34XA-…`. */
export const makeTransferCode = (): string => (make().match(/.{4}/g) ?? []).join("-");

/**
 * The digest under which a code is stored; the code cannot be derived from it. Case and grouping do not matter.
 * Undefined for an invalid code.
 */
export function digestTransferCode(text: string): string | undefined {
  // First, so that nothing below runs on a long text.
  if (text.length > maxTypedLength) return undefined;
  const code = text.replace(/[\s\p{Pd}]/gu, "").toUpperCase();
  return shape.test(code)
    ? createHash("sha256").update(`madang transfer ${code}`).digest("base64url")
    : undefined;
}

const maxTypedLength = 64;
