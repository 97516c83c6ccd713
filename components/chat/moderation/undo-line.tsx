import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Member } from "../../../protocol/events";
import { useWords } from "../../words/words";
import type { Done } from "./acts";

/** How long an act can be taken back here; later the list of sanctions does. */
const undoMs = 10_000;

type Props = { done: Done; member: Member; onEnd: () => void };

/** Tells of an act, with a button that takes it back; the line goes by itself. */
export function UndoLine({ done, member, onEnd }: Props) {
  const t = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const [after, setAfter] = useState<string>();
  const end = useRef(onEnd);
  end.current = onEnd;

  useEffect(() => {
    button.current?.focus();
    const timer = setTimeout(() => end.current(), undoMs);
    return () => clearTimeout(timer);
  }, []);

  async function undo(): Promise<void> {
    const refusal = await done.undo?.();
    setAfter(refusal ? t("me.failed", { reason: t(`error.${refusal}`) }) : t("moderation.undone"));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onEnd();
  }

  const sentence = t(done.sentence, {
    name: member.name,
    ...(done.count !== undefined && { count: done.count }),
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape ends it, wherever the focus is in it
    <div className="undo-line" onKeyDown={onKeyDown}>
      <p role="status">{after ?? sentence}</p>
      {done.undo && after === undefined && (
        <button ref={button} type="button" className="text-button" onClick={() => void undo()}>
          {t("moderation.undo")}
        </button>
      )}
    </div>
  );
}
