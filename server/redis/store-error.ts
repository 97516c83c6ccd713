import { ChatError, isErrorCode, roomIsBusy, storeIsFull } from "../errors";

/** What Redis says while it cannot serve, also from inside a script: try again, here or on its successor. */
const passing = /\b(READONLY|LOADING|BUSY|MISCONF|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN)\b/;

/**
 * What a failed command means to its caller. A script's own refusal names its code; a full store refuses before it
 * writes; a type or permission error is a broken key. Anything else (time-out, cut, loading, failing over) leaves the
 * outcome unknown, and an unknown outcome is never acknowledged.
 */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, code, whose, waitMs] = /\bMADANG ([a-z_]+)(?: (room|own) (\d+))?/.exec(message) ?? [];
  if (whose === "room") return roomIsBusy(Number(waitMs));
  if (whose === "own") return new ChatError("rate_limited", undefined, Number(waitMs));
  if (code !== undefined && isErrorCode(code)) return new ChatError(code);
  if (/\bOOM\b/.test(message)) return storeIsFull();
  if (passing.test(message)) return new ChatError("unavailable");
  if (/\b(WRONGTYPE|NOPERM)\b|user_script/.test(message)) return new ChatError("internal");
  return new ChatError("unavailable");
}

/** True when Redis has become a replica of another server: the connection leads to the wrong one. */
export const isReadOnly = (error: Error): boolean => /\bREADONLY\b/.test(error.message);

/** True when the user lacks a right: what was asked will not be answered later either. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Error && /\bNOPERM\b/.test(error.message);
