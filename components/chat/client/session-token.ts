import { identityOf, tokenKeyOf } from "./browser-identity";
import type { Store } from "./environment";
import { disownOutbox } from "./saved-outbox";

export type SessionToken = {
  current(): string | undefined;
  /** Does nothing when another identity has begun since `current()`: the token belongs to the previous visitor. */
  keep(token: string): void;
  /** Unsent drafts of that visitor are not sent under another name, unless the visitor retries them. */
  drop(refused: string): void;
};

/**
 * This browser's token. The token last given to this tab wins over one that another tab has stored since: an identity keeps
 * its visitor.
 */
export function openSessionToken(store: Store): SessionToken {
  let identity = identityOf(store);
  let mine: string | undefined;
  return {
    current() {
      if (identityOf(store) !== identity) mine = undefined;
      identity = identityOf(store);
      return mine ?? store.get(tokenKeyOf(identity));
    },
    keep(token) {
      if (identityOf(store) !== identity) return;
      mine = token;
      store.set(tokenKeyOf(identity), token);
    },
    drop(refused) {
      const key = tokenKeyOf(identity);
      if (mine === refused) mine = undefined;
      if (store.get(key) === refused) store.set(key, undefined);
      disownOutbox(store);
    },
  };
}
