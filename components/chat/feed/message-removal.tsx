import { useLayoutEffect, useRef } from "react";
import { Confirm } from "../../ui/confirm";
import { useWords } from "../../words/words";
import type { MessageActions } from "./message-actions";

type Props = { seq: number; remove: MessageActions["remove"]; onEnd: () => void };

/** Asks whether a message is to go. When it has, the focus is on the line that stands in its place. */
export function MessageRemoval({ seq, remove, onEnd }: Props) {
  const t = useWords();
  const place = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const here = place.current;
    return () => {
      if (!here?.contains(document.activeElement)) return;
      queueMicrotask(() => document.getElementById(`${seq}`)?.focus({ preventScroll: true }));
    };
  }, [seq]);

  async function act(): Promise<string | undefined> {
    const refusal = await remove(seq);
    return refusal && t("message.removeFailed", { reason: t(`error.${refusal}`) });
  }

  return (
    <div ref={place} className="message-removal">
      <Confirm
        question={t("message.removeAsk")}
        yes={t("message.remove")}
        no={t("message.keep")}
        act={act}
        onNo={onEnd}
      />
    </div>
  );
}
