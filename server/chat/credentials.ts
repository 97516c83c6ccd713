import {
  maxHandleGraphemes,
  maxPasswordBytes,
  minHandleGraphemes,
  minPasswordGraphemes,
} from "../../protocol/limits";
import { countBytes, countGraphemes } from "../../protocol/text";
import { isCommonPassword } from "./common-passwords";
import { ChatError } from "./errors";
import { isOffice, isReserved } from "./names-reserved";
import { handleSkeleton } from "./skeleton";

export type Handle = { handle: string; skeleton: string };

/** Bounds what 32 graphemes may weigh, before anything is carried out on them. */
const maxHandleBytes = 256;
const handleShape = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]|\p{M}(?!\p{M}{3}))*$/u;

/**
 * A handle as it is kept: NFKC, in small letters, without white space at its ends. Two are one when their skeletons are
 * (ID-3). Throws ChatError("bad_request") that says what is wrong with it.
 */
export function readHandle(text: string): Handle {
  const read = readAnyHandle(text);
  if (isReserved(read.handle)) throw refused("This handle is reserved.");
  return read;
}

function readAnyHandle(text: string): Handle {
  if (countBytes(text) > maxHandleBytes) throw refused("The handle is too long.");
  const handle = text.normalize("NFKC").trim().toLowerCase().normalize("NFKC");
  const length = countGraphemes(handle, maxHandleGraphemes);
  if (length < minHandleGraphemes || length > maxHandleGraphemes)
    throw refused(`A handle has ${minHandleGraphemes} to ${maxHandleGraphemes} characters.`);
  // Some letters draw nothing: their skeletons are empty, and all the same.
  if (!handleShape.test(handle) || /\p{Default_Ignorable_Code_Point}/u.test(handle))
    throw refused("A handle has letters, digits and . _ - only, and begins with one.");
  return { handle, skeleton: handleSkeleton(handle) };
}

/** The same for one that is looked for: undefined for what nobody can have. A word reserved later may be somebody's. */
export function findHandle(text: string): Handle | undefined {
  try {
    const read = readAnyHandle(text);
    return isOffice(read.handle) ? undefined : read;
  } catch {
    return undefined;
  }
}

/**
 * A password as it is hashed: NFKC, so that another keyboard's way of writing the same is the same. Throws
 * ChatError("too_large") or ChatError("bad_request").
 */
export function readPassword(text: string): string {
  const password = text.normalize("NFKC");
  if (countBytes(password) > maxPasswordBytes) throw new ChatError("too_large", "The password is too long.");
  // Encoded, all of them would be the same replacement.
  if (!password.isWellFormed()) throw refused("The password has characters that are none.");
  return password;
}

/** The same for one that is chosen for the account of a handle. */
export function readNewPassword(text: string, handle: string): string {
  const password = readPassword(text);
  if (countGraphemes(password, minPasswordGraphemes) < minPasswordGraphemes)
    throw refused(`A password has at least ${minPasswordGraphemes} characters.`);
  if (isCommonPassword(password, [handle, siteWord]))
    throw refused("This password is too common, or too much like the handle.");
  return password;
}

const siteWord = "madang";

const refused = (message: string): ChatError => new ChatError("bad_request", message);
