import { useWords } from "../../words/words";
import type { OutgoingRow } from "./feed-rows";
import type { MessageActions } from "./message-actions";
import { MessageHead } from "./message-head";
import { MessageText } from "./message-text";

type Props = { row: OutgoingRow; actions: MessageActions };

/** The visitor's own draft until its entry arrives; the entry is read out, so the draft is not. */
export function OutgoingItem({ row, actions }: Props) {
  const { draft, isFirst } = row;
  return (
    <li
      aria-live="off"
      className={`message message-own message-${draft.fate.is} ${isFirst ? "message-first" : ""}`}
    >
      <MessageHead at={draft.writtenAt} isShown={isFirst} />
      <div className="bubble">
        <MessageText text={draft.text} />
      </div>
      <Fate row={row} actions={actions} />
    </li>
  );
}

function Fate({ row, actions }: Props) {
  const t = useWords();
  const { clientMessageId: id, fate } = row.draft;

  if (fate.is === "sent") return null;
  if (fate.is === "pending") return <span className="visually-hidden">{t("message.sending")}</span>;
  return (
    <div className="message-fate">
      <span role="alert">
        {t(`message.${fate.is}`, fate.is === "failed" ? { reason: t(`error.${fate.error.code}`) } : {})}
      </span>
      <button type="button" className="text-button" onClick={() => actions.retry(id)}>
        {t(fate.is === "held" ? "message.sendNow" : "message.retry")}
      </button>
      <button type="button" className="text-button" onClick={() => actions.discard(id)}>
        {t("message.discard")}
      </button>
    </div>
  );
}
