import type { RoomId } from "../../../protocol/events";
import { tokenDays } from "../../../protocol/limits";
import { isIdentityOver } from "../client/browser-identity";
import { localStore, sessionStore } from "../client/storage";

/** As long as the token of the draft's visitor lives (ID-1). */
const keptMs = tokenDays * 24 * 60 * 60_000;
/** Only the drafts edited last are kept. */
const mostDrafts = 50;

const prefix = "madang:draft:";

/** The copy in `localStore` begins with the time of its last edit. */
const textOf = (kept = ""): string => kept.slice(kept.indexOf(" ") + 1);
const editedAt = (key: string): number => Number.parseInt(localStore.get(key) ?? "", 10);

const savedIn = (key: string): string => sessionStore.get(key) ?? textOf(localStore.get(key));

function forgetOld(): void {
  localStore
    .keys()
    .filter((key) => key.startsWith(prefix))
    .sort((a, b) => editedAt(b) - editedAt(a))
    .forEach((key, index) => {
      if (index >= mostDrafts || !(Date.now() - editedAt(key) < keptMs)) localStore.set(key, undefined);
    });
}

/**
 * The text being written in a room: as this tab left it, or in a new tab as it was last edited in any. So two tabs with
 * different drafts do not disturb each other.
 */
export function savedDraft(room: RoomId): string {
  forgetOld();
  return savedIn(prefix + room);
}

export function saveDraft(room: RoomId, text: string): void {
  const key = prefix + room;
  const before = savedIn(key);
  sessionStore.set(key, text);
  // Another tab has begun a new visit, and this tab is about to start anew: it may leave nothing in the shared storage.
  if (isIdentityOver({ local: localStore, session: sessionStore })) return;
  if (text) localStore.set(key, `${Date.now()} ${text}`);
  else if (textOf(localStore.get(key)) === before) localStore.set(key, undefined);
}
