import type { World } from "./world";

type Stores = Pick<World, "local" | "session">;

/**
 * A visit is the time for which this browser is one visitor. Its id stands in what all tabs share, and in each tab beside
 * what that tab has kept; without one it is the first.
 */
const visitKey = "madang:visit";

export const visitOf = (store: Stores["local"]): string | undefined => store.get(visitKey);

/** A visit has a key of its own: a tab that does not know yet that another has begun cannot write over the new token. */
export const tokenKeyOf = (visit: string | undefined): string =>
  visit === undefined ? "madang:token" : `madang:token:${visit}`;

/** This browser is somebody else from now on: whatever it has kept goes, but for how its reader likes to read. */
export function beginVisit({ local, session, newId }: Stores & Pick<World, "newId">, token?: string): void {
  const visit = newId();
  session.set(visitKey, visit);
  local.set(tokenKeyOf(visit), token);
  // The other tabs hear of it, and start anew.
  local.set(visitKey, visit);
  forget(session);
  forget(local, tokenKeyOf(visit));
}

/** Before anything reads what this tab has kept: drafts of who one was are not to be sent by who one is. */
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
