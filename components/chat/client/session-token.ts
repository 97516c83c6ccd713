import { disownOutbox } from "./saved-outbox";
import { tokenKeyOf, visitOf } from "./visit";
import type { Store } from "./world";

export type SessionToken = {
  current(): string | undefined;
  /** Does nothing when another visit has begun since `current()`: the token is of who this browser was. */
  keep(token: string): void;
  /** What its visitor has not sent yet is not sent under another name, unless that is asked for. */
  drop(refused: string): void;
};

/** Who this browser is. What this tab was last given wins over what another tab has stored since: a visit keeps its visitor. */
export function openSessionToken(store: Store): SessionToken {
  let visit = visitOf(store);
  let mine: string | undefined;
  return {
    current() {
      if (visitOf(store) !== visit) mine = undefined;
      visit = visitOf(store);
      return mine ?? store.get(tokenKeyOf(visit));
    },
    keep(token) {
      if (visitOf(store) !== visit) return;
      mine = token;
      store.set(tokenKeyOf(visit), token);
    },
    drop(refused) {
      const key = tokenKeyOf(visit);
      if (mine === refused) mine = undefined;
      if (store.get(key) === refused) store.set(key, undefined);
      disownOutbox(store);
    },
  };
}
