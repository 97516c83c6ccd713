"use no memo"; // Why: feed-row.tsx

import { useState } from "react";
import type { RoomId } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { CopyButton } from "./copy-button";
import { savedDraft } from "./saved-draft";

/** In place of the composer once the room is over: where to go, and what could not be sent any more. */
export function RoomEnded({ room }: { room: RoomId }) {
  const t = useWords();
  const [draft] = useState(() => savedDraft(room));
  return (
    <div className="room-over">
      <p role="status">{t("room.over")}</p>
      {draft && (
        <div className="room-draft">
          <label htmlFor="room-draft">{t("room.draft")}</label>
          <textarea id="room-draft" readOnly rows={2} value={draft} />
          <CopyButton
            label={t("room.draftCopy")}
            doneLabel={t("room.draftCopied")}
            icon="copy"
            text={() => draft}
          />
        </div>
      )}
      <p className="room-ways">
        <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
        <PageLink href="/chat">{t("room.toLobby")}</PageLink>
      </p>
    </div>
  );
}
