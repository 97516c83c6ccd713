import type { ErrorCode, WireError } from "../../protocol/events";
import {
  maxHandleGraphemes,
  maxPasswordBytes,
  minHandleGraphemes,
  minPasswordGraphemes,
} from "../../protocol/limits";
import { countBytes, countGraphemes } from "../../protocol/text";
import type { WordKey } from "../words/words";
import type { Credentials } from "./account-requests";

/** What is wrong, said beside the field that it is about. */
export type Fault = {
  at: "handle" | "password" | "newPassword" | "form";
  key: WordKey;
  code?: ErrorCode;
  retryAfterMs?: number;
};

export type AccountForm = "signUp" | "logIn";

const handleShape = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*$/u;

/** What can be known without asking. A log-in is not judged: what is wrong there is wrong in the server's one way. */
export function findFault(form: AccountForm, { handle, password }: Credentials): Fault | undefined {
  if (handle.trim() === "") return { at: "handle", key: "account.handleMissing" };
  if (password === "") return { at: "password", key: "account.passwordMissing" };
  if (form === "logIn") return undefined;
  const length = countGraphemes(handle.normalize("NFKC").trim(), maxHandleGraphemes);
  if (length < minHandleGraphemes || length > maxHandleGraphemes)
    return { at: "handle", key: "account.handleLength" };
  if (!handleShape.test(handle.normalize("NFKC").trim())) return { at: "handle", key: "account.handleShape" };
  const chosen = password.normalize("NFKC");
  if (countGraphemes(chosen, minPasswordGraphemes) < minPasswordGraphemes)
    return { at: "password", key: "account.passwordShort" };
  return countBytes(chosen) > maxPasswordBytes ? tooLong : undefined;
}

const tooLong: Fault = { at: "password", key: "account.passwordLong" };

const refusals: Record<AccountForm, Partial<Record<ErrorCode, Fault>>> = {
  signUp: {
    name_taken: { at: "handle", key: "account.handleTaken" },
    bad_request: { at: "handle", key: "account.handleRefused" },
    forbidden: { at: "form", key: "account.already" },
    too_large: tooLong,
  },
  logIn: { forbidden: { at: "password", key: "account.wrong" }, too_large: tooLong },
};

/** The server says of a refused password that it is one, and of a refused handle that. */
const isOfPassword = ({ code, message }: WireError): boolean =>
  code === "bad_request" && /\bpassword\b/i.test(message);

/** What the server's refusal means in that form. */
export function faultOf(form: AccountForm, error: WireError): Fault {
  if (form === "signUp" && isOfPassword(error)) return { at: "password", key: "account.passwordCommon" };
  return refusals[form][error.code] ?? otherFault(error);
}

/** What can be known of a changed password without asking. */
export function findChangeFault({
  password,
  newPassword,
}: Record<"password" | "newPassword", string>): Fault | undefined {
  if (password === "") return { at: "password", key: "account.passwordMissing" };
  const found = findFault("signUp", { handle: "xxx", password: newPassword });
  return found && { ...found, at: "newPassword" };
}

/** What the server's refusal means where a password is changed, or asked for again. */
export function changeFaultOf(error: WireError): Fault {
  if (error.code === "forbidden") return { at: "password", key: "account.passwordWrong" };
  if (isOfPassword(error)) return { at: "newPassword", key: "account.passwordCommon" };
  return error.code === "too_large" ? { ...tooLong, at: "newPassword" } : otherFault(error);
}

/** A refusal that has nothing to do with what was filled in. */
export function otherFault({ code, retryAfterMs }: WireError): Fault {
  if (code === "rate_limited" && retryAfterMs !== undefined)
    return { at: "form", key: "me.tooOften", code, retryAfterMs };
  return { at: "form", key: "me.failed", code };
}
