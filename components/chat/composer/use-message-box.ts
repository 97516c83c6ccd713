import { useEffect, useRef, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { isBlank } from "../../../protocol/text";
import { isTouch, watchEnter } from "./enter-key";
import { saveDraft, savedDraft } from "./saved-draft";
import { type Length, measure, withoutControls } from "./text-limit";

/** The text box belongs to the browser, which composes text in it; this reads it, and changes it as its user would. */
export function useMessageBox(
  room: RoomId,
  onSend: (text: string) => void,
  onType: (isTyping: boolean) => void,
) {
  const box = useRef<HTMLTextAreaElement>(null);
  const send = useRef<() => void>(undefined);
  const [length, setLength] = useState<Length>({ is: "fine" });

  function changed(): void {
    if (!box.current) return;
    setLength(measure(box.current.value));
    saveDraft(room, box.current.value);
    onType(box.current.value !== "");
    grow(box.current);
  }

  function write(text: string): void {
    if (!box.current) return;
    replaceText(box.current, text);
    changed();
  }

  function submit(): void {
    const text = withoutControls(box.current?.value ?? "");
    const { is } = measure(text);
    if (is === "over" || is === "heavy") return;
    if (!isBlank(text)) onSend(text);
    write("");
  }

  useEffect(() => {
    send.current = submit;
  });

  useEffect(() => {
    if (!box.current) return;
    // What was typed before the page came alive counts more than what was kept.
    if (!box.current.value) box.current.value = savedDraft(room);
    setLength(measure(box.current.value));
    grow(box.current);
    // Whoever has come to talk may begin. Not on a phone, whose keyboard would cover what is said, nor away from a message
    // that the address names, nor from where somebody is already.
    if (!isTouch() && !location.hash && document.activeElement === document.body) box.current.focus();
    return watchEnter(box.current, () => send.current?.());
  }, [room]);

  return { box, length, changed, write, submit };
}

/**
 * Puts a text in the place of another one as a step that Ctrl+Z takes back. A value that is assigned is no such step: what
 * Ctrl+Z takes back after it are changes of another text, whose pieces end up in this one.
 */
function replaceText(box: HTMLTextAreaElement, text: string): void {
  if (box.value === text) return;
  box.focus();
  box.select();
  if (text) document.execCommand("insertText", false, text);
  else document.execCommand("delete");
  // A browser may refuse, as within another command.
  if (box.value !== text) box.value = text;
  // Moving the caret ends the step: what is typed next would else be taken back with it.
  box.setSelectionRange(0, 0);
  box.setSelectionRange(text.length, text.length);
}

/** Where the browser cannot grow a box by itself (`field-sizing`). */
function grow(box: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
