import type { Store } from "./environment";
import { disownOutbox } from "./saved-outbox";
import { tokenKeyOf, visitOf } from "./visit";

export type SessionToken = {
  current(): string | undefined;
  /** Does nothing when another visit has begun since `current()`: the token belongs to the previous visitor. */
  keep(token: string): void;
  /** Unsent drafts of that visitor are not sent under another name, unless the visitor retries them. */
  drop(refused: string): void;
};

/**
 * This browser's token. The token last given to this tab wins over one that another tab has stored since: a visit keeps
 * its visitor.
 */
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
