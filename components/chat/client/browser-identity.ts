import type { Environment } from "./environment";

type Stores = Pick<Environment, "local" | "session">;

/**
 * While this browser is one visitor it has one identity. The identity's id is in the storage that all tabs share, and in
 * each tab's own storage beside that tab's values. The first identity has no id.
 */
const identityKey = "madang:visit";

export const identityOf = (store: Stores["local"]): string | undefined => store.get(identityKey);

/** Each identity has its own key: a tab that has not yet heard of a new identity cannot overwrite the new token. */
export const tokenKeyOf = (identity: string | undefined): string =>
  identity === undefined ? "madang:token" : `madang:token:${identity}`;

/** Makes this browser another visitor: deletes everything it has kept, except the theme. */
export function beginIdentity(
  { local, session, newId }: Stores & Pick<Environment, "newId">,
  token?: string,
): void {
  const identity = newId();
  session.set(identityKey, identity);
  local.set(tokenKeyOf(identity), token);
  // The other tabs see this write, and start anew.
  local.set(identityKey, identity);
  forget(session);
  forget(local, tokenKeyOf(identity));
}

/**
 * To be called before anything reads this tab's storage: the previous visitor's drafts must not be sent by the new one.
 */
export function resumeIdentity({ local, session }: Stores): void {
  if (identityOf(local) === identityOf(session)) return;
  forget(session);
  session.set(identityKey, identityOf(local));
}

/** True when another tab has begun another identity since this one was loaded. */
export const isIdentityOver = ({ local, session }: Stores): boolean =>
  identityOf(local) !== identityOf(session);

function forget(store: Stores["local"], ...spared: string[]): void {
  const lasting = ["madang:theme", identityKey, ...spared];
  for (const key of store.keys())
    if (key.startsWith("madang:") && !lasting.includes(key)) store.set(key, undefined);
}
