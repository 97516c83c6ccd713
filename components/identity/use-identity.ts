import { useEffect, useState, useSyncExternalStore } from "react";
import { useLocale } from "../words/words";
import { openBrowserIdentity } from "./identity-client";
import { initialIdentity } from "./identity-state";

/** Asks who this browser is, for as long as the component is on the page. */
export function useIdentity() {
  const locale = useLocale();
  const [client] = useState(() => openBrowserIdentity(locale));
  const state = useSyncExternalStore(client.subscribe, client.getState, () => initialIdentity);
  useEffect(() => {
    client.open();
    return () => client.close();
  }, [client]);
  return { client, state };
}
