import type { ErrorCode, WireError } from "../../protocol/events";
import { type HandleFault, readHandleForm } from "../../protocol/handle";
import {
  maxHandleGraphemes,
  maxPasswordBytes,
  minHandleGraphemes,
  minPasswordGraphemes,
} from "../../protocol/limits";
import { countBytes, countGraphemes } from "../../protocol/text";
import type { Values } from "../words/pattern";
import type { WordKey } from "../words/words";
import type { Credentials } from "./account-requests";

/** An error in a form, shown beside its field. */
export type FormError = {
  at: "handle" | "password" | "newPassword" | "form";
  key: WordKey;
  code?: ErrorCode;
  retryAfterMs?: number;
};

const password = { min: minPasswordGraphemes };

/** How many characters each field takes, for the sentences that tell it. */
export const fieldLengths: Record<FormError["at"], Values> = {
  handle: { min: minHandleGraphemes, max: maxHandleGraphemes },
  password,
  newPassword: password,
  form: {},
};

export type AccountFormKind = "signUp" | "logIn";

const handleErrors: Record<HandleFault, WordKey> = {
  bytes: "account.handleLength",
  length: "account.handleLength",
  shape: "account.handleShape",
};

/**
 * Finds errors without asking the server. For a log-in only missing fields: the server has one answer for every wrong
 * one.
 */
export function findFormError(
  form: AccountFormKind,
  { handle, password }: Credentials,
): FormError | undefined {
  if (handle.trim() === "") return { at: "handle", key: "account.handleMissing" };
  if (password === "") return { at: "password", key: "account.passwordMissing" };
  if (form === "logIn") return undefined;
  const read = readHandleForm(handle);
  if ("fault" in read) return { at: "handle", key: handleErrors[read.fault] };
  const chosen = password.normalize("NFKC");
  if (countGraphemes(chosen, minPasswordGraphemes) < minPasswordGraphemes)
    return { at: "password", key: "account.passwordShort" };
  return countBytes(chosen) > maxPasswordBytes ? tooLong : undefined;
}

const tooLong: FormError = { at: "password", key: "account.passwordLong" };

const refusals: Record<AccountFormKind, Partial<Record<ErrorCode, FormError>>> = {
  signUp: {
    name_taken: { at: "handle", key: "account.handleTaken" },
    bad_request: { at: "handle", key: "account.handleRefused" },
    forbidden: { at: "form", key: "account.already" },
    too_large: tooLong,
  },
  logIn: { forbidden: { at: "password", key: "account.wrong" }, too_large: tooLong },
};

/** A bad request that names the password refuses the password; any other refuses the handle. */
const isOfPassword = ({ code, message }: WireError): boolean =>
  code === "bad_request" && /\bpassword\b/i.test(message);

/** Turns the server's refusal of that form into a form error. */
export function formErrorOf(form: AccountFormKind, error: WireError): FormError {
  if (form === "signUp" && isOfPassword(error)) return { at: "password", key: "account.passwordCommon" };
  return refusals[form][error.code] ?? otherError(error);
}

/** Finds errors in a password change without asking the server. */
export function findChangeError({
  password,
  newPassword,
}: Record<"password" | "newPassword", string>): FormError | undefined {
  if (password === "") return { at: "password", key: "account.passwordMissing" };
  const found = findFormError("signUp", { handle: "xxx", password: newPassword });
  return found && { ...found, at: "newPassword" };
}

/** Turns the server's refusal into a form error, where a password is changed or asked for again. */
export function changeErrorOf(error: WireError): FormError {
  if (error.code === "forbidden") return { at: "password", key: "account.passwordWrong" };
  if (isOfPassword(error)) return { at: "newPassword", key: "account.passwordCommon" };
  return error.code === "too_large" ? { ...tooLong, at: "newPassword" } : otherError(error);
}

/** A refusal that does not concern the fields. */
export function otherError({ code, retryAfterMs }: WireError): FormError {
  if (code === "rate_limited" && retryAfterMs !== undefined)
    return { at: "form", key: "me.tooOften", code, retryAfterMs };
  return { at: "form", key: "me.failed", code };
}
