import { useEffect } from "react";
import { createPortal } from "react-dom";
import { useWords } from "../words/words";

/** Stands at the end of the feed while the feed has the focus by a key: only then does `?` list the keys. */
export function KeysHint({ room }: { room: HTMLElement }) {
  const t = useWords();
  const feed = room.querySelector<HTMLElement>("[role=log]");

  useEffect(() => feed?.setAttribute("aria-keyshortcuts", "?"), [feed]);

  return (
    feed?.parentElement &&
    createPortal(
      <p aria-hidden="true" className="keys-hint">
        <kbd>?</kbd>
        <span>{t("keys.title")}</span>
      </p>,
      feed.parentElement,
    )
  );
}
