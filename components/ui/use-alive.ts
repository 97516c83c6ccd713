import { useSyncExternalStore } from "react";

const never = (): (() => void) => () => {};

/** False in what the server has drawn, until the page's scripts answer for it: a form that nobody hears is not to be sent. */
export const useAlive = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
