import type { Ack, VisitorId, WireError } from "../../protocol/events";
import { uptimeMs } from "../chat/client/browser-environment";

/** `POST /api/account/ACTION`, as a page sends it: docs/protocol.md, H-2. */

export type Credentials = { handle: string; password: string };
/** `expiresAt` is in page uptime. */
export type TransferCode = { code: string; expiresAt: number };
export type WelcomeAnswer = { visitor: { id: VisitorId }; token: string };
/** `device` marks this browser as one in which this visitor has logged in (H-6). */
export type AccountAnswer = { handle: string; lasting: boolean; device?: string };
export type PasswordChangeInput = { password: string; newPassword: string; endOthers: boolean };
/** Times by the server's clock. */
export type DeviceAnswer = { id: string; since: number; seenAt: number; name: string; isThis: boolean };
type Proof = { password?: string };
export type StatusAnswer = { visitor: { id: VisitorId }; handle?: string; lasting: boolean; good?: boolean };

type Actions = {
  transfer: { input: Proof; answer: TransferCode };
  claim: { input: { code: string }; answer: WelcomeAnswer };
  status: { input: { code?: string }; answer: StatusAnswer };
  "sign-up": { input: Credentials; answer: WelcomeAnswer & AccountAnswer };
  "log-in": { input: Credentials & { device?: string }; answer: WelcomeAnswer & AccountAnswer };
  "change-password": { input: PasswordChangeInput; answer: WelcomeAnswer & AccountAnswer };
  devices: { input: object; answer: { devices: DeviceAnswer[] } };
  "end-device": { input: Proof & { device: string }; answer: object };
  "log-out": { input: object; answer: WelcomeAnswer };
  delete: { input: Proof; answer: WelcomeAnswer };
};
export type AccountAction = keyof Actions;
export type InputTo<Action extends AccountAction> = Actions[Action]["input"];
export type AnswerTo<Action extends AccountAction> = Ack<Actions[Action]["answer"]>;

export type AskAccount = <Action extends AccountAction>(
  action: Action,
  input: InputTo<Action>,
  token?: string,
) => Promise<AnswerTo<Action>>;

/** Longer than a password hash takes on a busy server. */
const patienceMs = 15_000;

export const unanswered: WireError = {
  code: "unavailable",
  message: "There was no answer.",
  retryable: true,
};

/** Never rejects: no answer, and an answer from a proxy in front of the server, become `unavailable`. */
export const askAccount: AskAccount = async (action, input, token) => {
  type Answer = AnswerTo<typeof action>;
  try {
    const response = await fetch(`/api/account/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(input),
      // Browsers without AbortSignal.timeout wait until the network gives up.
      signal: AbortSignal.timeout?.(patienceMs) ?? null,
    });
    const answer = (await response.json()) as Answer;
    if (typeof answer.ok !== "boolean") return { ok: false, error: unanswered };
    return answer.ok && "expiresAt" in answer
      ? { ...answer, expiresAt: inOwnTime(answer.expiresAt, response) }
      : answer;
  } catch {
    return { ok: false, error: unanswered };
  }
};

/** `Date` is cut to whole seconds. */
const dateStepMs = 1_000;

/**
 * Converts a time by the server's clock to page uptime, because the browser's clock may be wrong or change meanwhile.
 * Errs on the early side, by up to a second.
 */
function inOwnTime(at: number, response: Response): number {
  const answeredAt = Date.parse(response.headers.get("Date") ?? "");
  const leftMs = Number.isNaN(answeredAt) ? at - Date.now() : at - answeredAt - dateStepMs;
  return leftMs + uptimeMs();
}
