import type { Room } from "../../protocol/events";
import { CopyText } from "../ui/copy-text";
import { useWords } from "../words/words";
import { roomAddress } from "./room-address";

/** What a visitor can do in a room in which nothing has been said yet: bring in others. */
export default function RoomInvitation({ room: { id, title } }: { room: Room }) {
  const t = useWords();
  const url = roomAddress(id);
  // Missing over plain http, and in some browsers.
  const canShare = "share" in navigator;
  return (
    <>
      <CopyText label={t("message.link")} doneLabel={t("message.linked")} text={url} />
      {canShare && (
        <button type="button" className="text-button" onClick={() => share({ title, url })}>
          {t("room.invite")}
        </button>
      )}
    </>
  );
}

async function share(what: ShareData): Promise<void> {
  try {
    await navigator.share(what);
  } catch (error) {
    // The visitor has closed the system's dialog.
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
}
