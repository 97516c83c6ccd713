import { useRouter } from "next/router";
import { useEffect, useSyncExternalStore } from "react";
import { sessionStore } from "./client/storage";

const key = "madang:last-room";

/** A room's path on this site, without the language, and its title. */
export type LastRoom = { path: string; title: string };

/** Saves the room that this tab shows, so that a conversation can lead back to it. */
export function useKeptRoom(title: string | undefined): void {
  const path = useRouter().asPath.split(/[?#]/)[0];
  useEffect(() => {
    if (title) sessionStore.set(key, `${path} ${title}`);
  }, [path, title]);
}

/** The room that this tab showed last; `undefined` while the server renders. */
export function useLastRoom(): LastRoom | undefined {
  const kept = useSyncExternalStore(
    () => () => {},
    () => sessionStore.get(key),
    () => undefined,
  );
  if (!kept) return undefined;
  const end = kept.indexOf(" ");
  return { path: kept.slice(0, end), title: kept.slice(end + 1) };
}
