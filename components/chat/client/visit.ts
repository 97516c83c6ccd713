import type { Environment } from "./environment";

type Stores = Pick<Environment, "local" | "session">;

/**
 * A visit is the time during which this browser is one visitor. Its id is in the storage that all tabs share, and in
 * each tab's own storage beside that tab's values. The first visit has no id.
 */
const visitKey = "madang:visit";

export const visitOf = (store: Stores["local"]): string | undefined => store.get(visitKey);

/** Each visit has its own key, so that a tab that has not yet heard of a new visit cannot overwrite the new token. */
export const tokenKeyOf = (visit: string | undefined): string =>
  visit === undefined ? "madang:token" : `madang:token:${visit}`;

/** Makes this browser another visitor: deletes everything it has kept, except the theme. */
export function beginVisit(
  { local, session, newId }: Stores & Pick<Environment, "newId">,
  token?: string,
): void {
  const visit = newId();
  session.set(visitKey, visit);
  local.set(tokenKeyOf(visit), token);
  // The other tabs see this write, and start anew.
  local.set(visitKey, visit);
  forget(session);
  forget(local, tokenKeyOf(visit));
}

/**
 * To be called before anything reads this tab's storage: the previous visitor's drafts must not be sent by the new one.
 */
export function resumeVisit({ local, session }: Stores): void {
  if (visitOf(local) === visitOf(session)) return;
  forget(session);
  session.set(visitKey, visitOf(local));
}

/** True when another tab has begun a visit since this one was loaded. */
export const isVisitOver = ({ local, session }: Stores): boolean => visitOf(local) !== visitOf(session);

function forget(store: Stores["local"], ...spared: string[]): void {
  const lasting = ["madang:theme", visitKey, ...spared];
  for (const key of store.keys())
    if (key.startsWith("madang:") && !lasting.includes(key)) store.set(key, undefined);
}
