import { useEffect, useSyncExternalStore } from "react";
import { roomUseOf } from "../chat/client/room-clients";
import { savedDrafts, watchOutbox } from "../chat/client/saved-outbox";
import { localStore } from "../chat/client/storage";
import { directPath, partnerIn, roomPath } from "../chat/room-address";
import { isUnsent } from "../chat/state/outgoing";
import { keepAsking } from "../ui/keep-asking";
import { PageLink } from "../ui/page-link";
import { useLocale, useWords } from "../words/words";

/**
 * Four values in one string, for useSyncExternalStore: how many drafts are unsent in rooms that this page does not
 * show, the room of the first, how many are still to be sent, and how many of those no client of this page sends yet.
 */
function countOutbox(): string {
  const left = savedDrafts(localStore).filter(({ draft }) => draft.fate.is !== "sent");
  const elsewhere = left.filter(({ room }) => roomUseOf(room) !== "shown");
  const pending = left.filter(({ draft }) => isUnsent(draft));
  const idle = pending.filter(({ room }) => roomUseOf(room) === "left");
  return [elsewhere.length, elsewhere[0]?.room, pending.length, idle.length].join(" ");
}

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

/**
 * Shows unsent drafts and their rooms on every page, sends them, and asks before the page closes while some are left.
 */
export function UnsentNote() {
  const t = useWords();
  const locale = useLocale();
  const counted = useSyncExternalStore(watchOutbox, countOutbox, () => "0");
  const [count, room = "", pending, idle] = counted.split(" ");
  const isAsking = Number(pending) > 0;
  const isIdle = Number(idle) > 0;

  useEffect(() => {
    if (!isAsking) return;
    // Only while drafts are pending: a page with this listener may not enter the back/forward cache.
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isAsking]);

  useEffect(() => {
    if (!isIdle) return;
    return keepAsking(
      () => import("./send-left"),
      ({ sendLeft }) => sendLeft(locale),
    );
  }, [isIdle, locale]);

  if (count === "0") return null;
  const partner = partnerIn(room);
  return (
    <p role="status" className="unsent-note">
      <PageLink href={partner ? directPath(partner) : roomPath(room)}>
        {t("outbox.unsent", { count: Number(count) })}
      </PageLink>
    </p>
  );
}
