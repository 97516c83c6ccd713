import { memo } from "react";
import { useWords } from "../words/words";
import type { MessageActions } from "./message-actions";
import { MessageText } from "./message-text";
import type { Outgoing } from "./outgoing";

type Props = { draft: Outgoing; isFirst: boolean; actions: MessageActions };

/** One's own message before its entry has arrived. */
export const OutgoingItem = memo(function OutgoingItem({ draft, isFirst, actions }: Props) {
  const { fate } = draft;
  return (
    <li
      data-row
      data-own
      className={`message message-own message-${fate.is} ${isFirst ? "message-first" : ""}`}
    >
      <div className="bubble">
        <MessageText text={draft.text} />
      </div>
      <Fate draft={draft} actions={actions} />
    </li>
  );
});

function Fate({ draft: { clientMessageId: id, fate }, actions }: Omit<Props, "isFirst">) {
  const t = useWords();
  if (fate.is === "sent") return null;
  if (fate.is === "pending") return <span className="sr-only">{t("message.sending")}</span>;
  return (
    <div className="message-fate">
      <span>
        {fate.is === "failed"
          ? `${t("message.failed")}: ${t(`error.${fate.error.code}`)}`
          : t("message.unconfirmed")}
      </span>
      <button type="button" className="text-button" onClick={() => actions.retry(id)}>
        {t("message.retry")}
      </button>
      <button type="button" className="text-button" onClick={() => actions.discard(id)}>
        {t("message.discard")}
      </button>
    </div>
  );
}
