import { useState, useSyncExternalStore } from "react";
import type { RoomId } from "../../../protocol/events";
import { useWords } from "../../words/words";
import { outboxChanged, outboxPrefix, type SavedDraft, savedDrafts } from "../client/saved-outbox";
import { localStore } from "../client/storage";
import { CopyButton } from "../copy-button";
import { saveDraft, savedDraft } from "./saved-draft";

type Props = {
  room: RoomId;
  /** Without a feed above it, only this shows the unsent drafts. */
  hasFeed: boolean;
};

const unsentIn = (room: RoomId): SavedDraft[] =>
  savedDrafts(localStore, outboxPrefix(room)).filter(({ draft }) => draft.fate.is !== "sent");

function textLeft(room: RoomId, hasFeed: boolean): string {
  const unsent = hasFeed ? [] : unsentIn(room).map(({ draft }) => draft.text);
  return [...unsent, savedDraft(room)].filter(Boolean).join("\n\n");
}

function discard(room: RoomId): void {
  for (const { key } of unsentIn(room)) localStore.set(key, undefined);
  saveDraft(room, "");
  outboxChanged();
}

const unchanging = () => () => {};

/** Text that was unsent, or still being written, when the room ended: the visitor can still read and copy it. */
export default function LeftDraft({ room, hasFeed }: Props) {
  const t = useWords();
  const [isDiscarded, setDiscarded] = useState(false);
  // The server may render this too, and knows no draft.
  const text = useSyncExternalStore(
    unchanging,
    () => textLeft(room, hasFeed),
    () => "",
  );
  if (isDiscarded || !text) return null;
  return (
    <div className="left-draft">
      <label htmlFor="left-draft">{t("room.draft")}</label>
      <textarea id="left-draft" readOnly rows={2} dir="auto" value={text} />
      <CopyButton
        label={t("room.draftCopy")}
        doneLabel={t("room.draftCopied")}
        icon="copy"
        text={() => text}
      />
      {!hasFeed && (
        <button
          type="button"
          className="text-button"
          onClick={() => {
            discard(room);
            setDiscarded(true);
          }}
        >
          {t("message.discard")}
        </button>
      )}
    </div>
  );
}
