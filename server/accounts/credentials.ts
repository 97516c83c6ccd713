import { type HandleFault, readHandleForm } from "../../protocol/handle";
import {
  maxHandleGraphemes,
  maxPasswordBytes,
  minHandleGraphemes,
  minPasswordGraphemes,
} from "../../protocol/limits";
import { countBytes, countGraphemes } from "../../protocol/text";
import { ChatError } from "../errors";
import { isOffice, isReserved } from "../names/reserved";
import { handleSkeleton } from "../names/skeleton";
import { isCommonPassword } from "./common-passwords";

export type Handle = { handle: string; skeleton: string };

const handleFaults: Record<HandleFault, string> = {
  bytes: "The handle is too long.",
  length: `A handle has ${minHandleGraphemes} to ${maxHandleGraphemes} characters.`,
  shape: "A handle has letters, digits and . _ - only, and begins with one.",
};

/**
 * Reads a new account's handle. Two handles are the same when their skeletons are equal (ID-3). Throws
 * ChatError("bad_request") that names its fault.
 */
export function readHandle(text: string): Handle {
  const read = readAnyHandle(text);
  if (isReserved(read.handle)) throw refused("This handle is reserved.");
  return read;
}

function readAnyHandle(text: string): Handle {
  const form = readHandleForm(text);
  if ("fault" in form) throw refused(handleFaults[form.fault]);
  return { handle: form.handle, skeleton: handleSkeleton(form.handle) };
}

/**
 * Reads a handle to look up; undefined when no account can have it. Words that were reserved later are allowed: an
 * account may have one.
 */
export function findHandle(text: string): Handle | undefined {
  try {
    const read = readAnyHandle(text);
    return isOffice(read.handle) ? undefined : read;
  } catch {
    return undefined;
  }
}

/**
 * Reads a password into the form that is hashed: NFKC, so that another keyboard's encoding of it is the same. Throws
 * ChatError("too_large") or ChatError("bad_request").
 */
export function readPassword(text: string): string {
  const password = text.normalize("NFKC");
  if (countBytes(password) > maxPasswordBytes) throw new ChatError("too_large", "The password is too long.");
  // All lone surrogates would be encoded as the same replacement.
  if (!password.isWellFormed()) throw refused("The password has characters that are none.");
  return password;
}

/** Reads a new password for the account of this handle; it must not be weak. */
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
