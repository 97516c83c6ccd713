import { useEffect, useRef, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { isBlank } from "../../../protocol/text";
import { watchEnter } from "./enter-key";
import { saveDraft, savedDraft } from "./saved-draft";
import { type Length, measure, withoutControls } from "./text-limit";
import { isTouch } from "./touch-screen";

/**
 * The browser owns the text box, because it composes text there; this hook reads it, and edits it as a visitor would.
 */
export function useMessageBox(
  room: RoomId,
  /** Without it the text stays where it is. */
  onSend: ((text: string) => void) | undefined,
  onType: (isTyping: boolean) => void,
) {
  const box = useRef<HTMLTextAreaElement>(null);
  const send = useRef<() => void>(undefined);
  const [length, setLength] = useState<Length>({ is: "fine" });
  const [isAgain, setAgain] = useState(false);

  function changed(): void {
    if (!box.current) return;
    setLength(measure(box.current.value));
    saveDraft(room, box.current.value);
    if (!box.current.value) setAgain(false);
    grow(box.current);
    onType(box.current.value !== "");
  }

  function write(text: string): void {
    if (!box.current) return;
    replaceText(box.current, text);
    changed();
  }

  function writeAgain(text: string): void {
    write(text);
    setAgain(true);
  }

  function submit(): void {
    const text = withoutControls(box.current?.value ?? "");
    const { is } = measure(text);
    if (!onSend || is === "over" || is === "heavy") return;
    if (!isBlank(text)) onSend(text);
    write("");
  }

  useEffect(() => {
    send.current = submit;
  });

  useEffect(() => {
    if (!box.current) return;
    begin(box.current, room);
    setLength(measure(box.current.value));
    return watchEnter(box.current, () => send.current?.());
  }, [room]);

  return {
    box,
    length,
    /** The box was filled with the visitor's last message, and not emptied since. */
    isAgain,
    changed,
    writeAgain,
    clear: () => write(""),
    submit,
  };
}

function begin(box: HTMLTextAreaElement, room: RoomId): void {
  // Text typed before hydration counts more than the saved draft.
  if (!box.value) box.value = savedDraft(room);
  grow(box);
  // Focuses the box, but not on a phone, whose keyboard would cover the feed; nor if the address names a message, or
  // another element has the focus.
  if (!isTouch() && !location.hash && document.activeElement === document.body) box.focus();
}

/**
 * Replaces the text in a step that Ctrl+Z takes back. An assigned value is no such step: Ctrl+Z would then undo edits
 * of the old text, and pieces of that would end up in the new one.
 */
function replaceText(box: HTMLTextAreaElement, text: string): void {
  if (box.value === text) return;
  box.focus();
  box.select();
  if (text) document.execCommand("insertText", false, text);
  else document.execCommand("delete");
  // A browser may refuse, for example within another command.
  if (box.value !== text) box.value = text;
  // Moving the caret ends the step; otherwise Ctrl+Z would take it back together with the text typed next.
  box.setSelectionRange(0, 0);
  box.setSelectionRange(text.length, text.length);
}

/** Grows the box where the browser cannot do so by itself (`field-sizing`). */
function grow(box: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
