import type { Store } from "./world";

const key = "madang:token";

export type SessionToken = {
  current(): string | undefined;
  keep(token: string): void;
  drop(refused: string): void;
};

/** Who this browser is. What this tab was last given wins over what another tab has stored since: a visit keeps its visitor. */
export function openSessionToken(store: Store): SessionToken {
  let mine: string | undefined;
  return {
    current: () => mine ?? store.get(key),
    keep(token) {
      mine = token;
      store.set(key, token);
    },
    drop(refused) {
      if (mine === refused) mine = undefined;
      if (store.get(key) === refused) store.set(key, undefined);
    },
  };
}
