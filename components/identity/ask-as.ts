import type { Ack } from "../../protocol/events";
import type { SessionToken } from "../chat/client/session-token";
import type { AccountAction, AnswerTo, AskAccount, InputTo } from "./account-requests";

/** Asks as this browser's visitor, and first creates one if it has none, or none any more. */
export const askingAs =
  (token: SessionToken, ask: AskAccount, create: () => Promise<Ack<{ token: string }>>) =>
  async <Action extends AccountAction>(action: Action, input: InputTo<Action>): Promise<AnswerTo<Action>> => {
    let mine = token.current();
    if (mine === undefined) {
      const met = await create();
      if (!met.ok) return met;
      mine = met.token;
      token.keep(mine);
    }
    const answer = await ask(action, input, mine);
    if (!answer.ok && answer.error.code === "invalid_token") token.drop(mine);
    return answer;
  };

export type AskAs = ReturnType<typeof askingAs>;
