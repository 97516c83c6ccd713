import { useSyncExternalStore } from "react";
import type { RoomId } from "../../../protocol/events";
import { useWords } from "../../words/words";
import { CopyButton } from "../copy-button";
import { savedDraft } from "./saved-draft";

/** Nobody writes into a room that is none. The server, which may draw this too, knows no draft. */
const unchanging = () => () => {};

/** What was being written when the room ended: it can be read and copied still. */
export function LeftDraft({ room }: { room: RoomId }) {
  const t = useWords();
  const draft = useSyncExternalStore(
    unchanging,
    () => savedDraft(room),
    () => "",
  );
  if (!draft) return null;
  return (
    <div className="left-draft">
      <label htmlFor="left-draft">{t("room.draft")}</label>
      <textarea id="left-draft" readOnly rows={2} value={draft} />
      <CopyButton
        label={t("room.draftCopy")}
        doneLabel={t("room.draftCopied")}
        icon="copy"
        text={() => draft}
      />
    </div>
  );
}
