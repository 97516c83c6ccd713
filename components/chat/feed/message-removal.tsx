import { Confirm } from "../../ui/confirm";
import { useWords } from "../../words/words";
import type { MessageActions } from "./message-actions";

type Props = { seq: number; remove: MessageActions["remove"]; onEnd: () => void };

/** Asks the visitor to confirm the removal of a message. */
export default function MessageRemoval({ seq, remove, onEnd }: Props) {
  const t = useWords();

  async function act(): Promise<string | undefined> {
    const refusal = await remove(seq);
    return refusal && t("message.removeFailed", { reason: t(`error.${refusal}`) });
  }

  return (
    <div className="message-removal">
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
