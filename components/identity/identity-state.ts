import type { Ack, VisitorId, WireError } from "../../protocol/events";
import type { Environment } from "../chat/client/environment";
import { createNotifier } from "../chat/client/notifier";
import type { AskAs } from "./ask-as";

export type Self = { visitor: VisitorId; handle?: string; lasting: boolean };

/** The latest change of this browser's identity. */
export type IdentityChange =
  | "signedUp"
  | "loggedIn"
  | "loggedOut"
  | "passwordChanged"
  | "deleted"
  | "forgotten";

export type IdentityState = {
  who: { is: "asking" } | { is: "unknown"; error: WireError } | ({ is: "known" } & Self);
  lastChange?: IdentityChange;
};

export const initialIdentity: IdentityState = { who: { is: "asking" } };

/** The visitor of this browser as the server last said, and its latest change. */
export function watchIdentity(environment: Environment, askAs: AskAs) {
  const notifier = createNotifier(environment);
  let state = initialIdentity;

  function change(patch: Partial<IdentityState>): void {
    state = { ...state, ...patch };
    notifier.notify();
  }

  async function refresh(): Promise<void> {
    let answer = await askAs("status", {});
    // Logged out on another device: become a new visitor at once.
    if (!answer.ok && answer.error.code === "invalid_token") answer = await askAs("status", {});
    if (!answer.ok) return change({ who: { is: "unknown", error: answer.error } });
    const { visitor, handle, lasting } = answer;
    change({ who: { is: "known", visitor: visitor.id, lasting, ...(handle !== undefined && { handle }) } });
  }

  async function conclude<Answer>(
    to: IdentityChange,
    answer: Ack<Answer>,
    take: (answer: Answer) => void,
  ): Promise<Ack> {
    if (answer.ok) take(answer);
    // A refused token: this browser's visitor was replaced or ended without this page knowing.
    if (answer.ok || answer.error.code === "invalid_token") await refresh();
    if (answer.ok) change({ lastChange: to });
    return answer;
  }

  return { getState: () => state, subscribe: notifier.subscribe, refresh, conclude };
}
