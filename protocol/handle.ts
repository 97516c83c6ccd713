import { maxHandleGraphemes, minHandleGraphemes } from "./limits";
import { countBytes, countGraphemes } from "./text";

/** Why a handle is refused: too many bytes, too few or too many characters, or one that no handle has. */
export type HandleFault = "bytes" | "length" | "shape";

/** Bounds the bytes of 32 graphemes, before any work is done on them. */
const maxHandleBytes = 256;
/** More than three marks in a row are drawn across the lines above and below. */
const shape = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]|\p{M}(?!\p{M}{3}))*$/u;
/** Some letters are invisible: their skeletons are all empty, and so equal. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;

/**
 * H-4. Reads a handle into its stored form: NFKC, in small letters, without white space at its ends. Browser and server
 * both ask here. Accounts are found by this form for as long as they are kept: the rule may never become stricter.
 */
export function readHandleForm(text: string): { handle: string } | { fault: HandleFault } {
  if (countBytes(text) > maxHandleBytes) return { fault: "bytes" };
  const handle = text.normalize("NFKC").trim().toLowerCase().normalize("NFKC");
  const length = countGraphemes(handle, maxHandleGraphemes);
  if (length < minHandleGraphemes || length > maxHandleGraphemes) return { fault: "length" };
  return shape.test(handle) && !invisible.test(handle) ? { handle } : { fault: "shape" };
}
