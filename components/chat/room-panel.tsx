import { type KeyboardEvent, useEffect, useRef } from "react";
import type { RoomId } from "../../protocol/events";
import { IconButton } from "../ui/icon-button";
import { useWords } from "../words/words";
import { ChatRoom } from "./chat-room";

type Props = {
  room: RoomId;
  title: string;
  onCount: (count: number) => void;
  onClose: () => void;
};

/** As `--breakpoint-panel` in styles/theme.css: from this width on, a page and a room fit side by side. */
const wideScreen = "(min-width: 64rem)";

/** A room beside the page; on a small screen a sheet over it. */
export default function RoomPanel({ room, title, onCount, onClose }: Props) {
  const t = useWords();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const panel = dialog.current;
    if (!panel) return;
    const wide = window.matchMedia(wideScreen);
    const show = () => {
      panel.close();
      if (wide.matches) panel.show();
      else panel.showModal();
      // On a phone the message box would bring up the keyboard before anything has been read.
      const box = matchMedia("(pointer: fine)").matches && panel.querySelector("textarea");
      (box || panel).focus();
    };
    show();
    wide.addEventListener("change", show);
    return () => wide.removeEventListener("change", show);
  }, []);

  /** The browser closes only modal dialogs on Escape. */
  function onKeyDown(event: KeyboardEvent<HTMLDialogElement>): void {
    const isOurs = event.target instanceof Element && event.target.closest("dialog") === dialog.current;
    if (event.key !== "Escape" || event.defaultPrevented || event.nativeEvent.isComposing || !isOurs) return;
    event.preventDefault();
    dialog.current?.close();
  }

  return (
    <dialog
      ref={dialog}
      aria-label={title}
      tabIndex={-1}
      className="room-panel"
      onKeyDown={onKeyDown}
      // The event comes late: by then the dialog may have been opened again in the other way.
      onClose={() => dialog.current?.open || onClose()}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <ChatRoom
        room={room}
        title={title}
        embedding={{
          pageTitle: title,
          onCount,
          tools: <IconButton label={t("chat.close")} onClick={() => dialog.current?.close()} icon="close" />,
        }}
      />
    </dialog>
  );
}
