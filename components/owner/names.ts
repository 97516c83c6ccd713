import { useEffect, useSyncExternalStore } from "react";
import type { VisitorId } from "../../protocol/events";
import { createObservable, type Observable } from "../chat/client/observable";
import type { OwnerClient } from "./owner-client";

type Known = { names: Readonly<Record<VisitorId, string>> };

/** The last names of visitors: lists have only their ids. */
export type Names = Observable<Known> & { want(visitor: VisitorId): void };

/** As many as one question may name. */
const mostAsked = 400;

export function createNames(ask: OwnerClient["ask"]): Names {
  const known = createObservable<Known>({ names: {} });
  const asked = new Set<VisitorId>();
  let wanted: VisitorId[] = [];

  async function askForAll(): Promise<void> {
    const visitors = wanted.slice(0, mostAsked);
    wanted = wanted.slice(mostAsked);
    if (wanted.length > 0) queueMicrotask(() => void askForAll());
    const answer = await ask("visitor:names", { visitors });
    if (answer?.ok) known.change({ names: { ...known.getState().names, ...answer.names } });
    else for (const visitor of visitors) asked.delete(visitor);
  }

  return {
    ...known,
    want(visitor) {
      if (asked.has(visitor)) return;
      asked.add(visitor);
      // All rows of a list want theirs in the same turn.
      if (wanted.length === 0) queueMicrotask(() => void askForAll());
      wanted.push(visitor);
    },
  };
}

/** The visitor's name, as soon as it is known. */
export function useName(names: Names, visitor: VisitorId): string | undefined {
  useEffect(() => names.want(visitor), [names, visitor]);
  return useSyncExternalStore(names.subscribe, names.getState, names.getState).names[visitor];
}
