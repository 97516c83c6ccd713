import { useSyncExternalStore } from "react";

const never = (): (() => void) => () => {};

/** False in the server's HTML, until the page's scripts run: before, a submitted form would reach no handler. */
export const useAlive = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
