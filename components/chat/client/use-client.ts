import { useEffect, useState, useSyncExternalStore } from "react";
import type { Locale } from "../../../protocol/events";
import { useLocale } from "../../words/words";
import type { Cancel } from "./environment";

export type Client<State> = {
  getState(): State;
  subscribe(listener: () => void): Cancel;
  open(): void;
  close(): void;
};

/** Keeps a client open while the component is mounted; only the first render's `make` counts. */
export function useClient<State, C extends Client<State>>(make: (locale: Locale) => C, initial: State) {
  const locale = useLocale();
  const [client] = useState(() => make(locale));
  const state = useSyncExternalStore(client.subscribe, client.getState, () => initial);
  useEffect(() => {
    client.open();
    return () => client.close();
  }, [client]);
  return { client, state };
}
