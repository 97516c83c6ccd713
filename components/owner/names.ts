import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { VisitorId } from "../../protocol/events";
import { createObservable, type Observable } from "../chat/client/observable";
import type { OwnerClient } from "./owner-client";

type Known = { names: Readonly<Record<VisitorId, string>> };

/** The last names of visitors: lists have only their ids. */
export type Names = Observable<Known> & { want(visitors: readonly VisitorId[]): Promise<void> };

/** As many as one question may name. */
const mostAsked = 400;

export function createNames(ask: OwnerClient["ask"]): Names {
  const known = createObservable<Known>({ names: {} });
  const asked = new Set<VisitorId>();
  return {
    ...known,
    async want(visitors) {
      const wanted = [...new Set(visitors)].filter((visitor) => !asked.has(visitor)).slice(0, mostAsked);
      if (wanted.length === 0) return;
      for (const visitor of wanted) asked.add(visitor);
      const answer = await ask("visitor:names", { visitors: wanted });
      if (answer?.ok) known.change({ names: { ...known.getState().names, ...answer.names } });
      else for (const visitor of wanted) asked.delete(visitor);
    },
  };
}

/** The names known so far, and those of these visitors as soon as they are. */
export function useNames(names: Names, visitors: readonly VisitorId[]): Known["names"] {
  const wanted = visitors.join();
  const list = useMemo(() => (wanted === "" ? [] : wanted.split(",")), [wanted]);
  useEffect(() => void names.want(list), [names, list]);
  return useSyncExternalStore(names.subscribe, names.getState, names.getState).names;
}
