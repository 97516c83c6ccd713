import { useRouter } from "next/router";
import { useEffect, useSyncExternalStore } from "react";
import { sessionStore } from "./client/storage";

const key = "madang:last-room";

/** Where a room stands on this site, without a language, and its title. */
export type LastRoom = { path: string; title: string };

/** Keeps the room that this tab shows: a conversation leads back to it. */
export function useKeptRoom(title: string | undefined): void {
  const path = useRouter().asPath.split(/[?#]/)[0];
  useEffect(() => {
    if (title) sessionStore.set(key, `${path} ${title}`);
  }, [path, title]);
}

/** The room that this tab has shown last; not known while the server renders. */
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
