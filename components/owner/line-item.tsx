import { useState } from "react";
import css from "../../styles/owner/line-item.module.css";
import { MessageText } from "../chat/feed/message-text";
import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";
import type { LiveLine } from "./live-feed";
import { Moment } from "./moment";
import { RoomName } from "./room-name";
import { useStaff } from "./staff-context";
import { useAct } from "./use-acts";
import { VisitorLink } from "./visitor-name";

/** A message of some public room, with the tools. */
export function LineItem({ line: { room, title, entry } }: { line: LiveLine }) {
  const t = useWords();
  const { ask, moderate, self } = useStaff();
  const act = useAct();
  const [removing, setRemoving] = useState<"asking" | "removed">();
  const message = entry.kind === "published" ? entry.message : entry;

  async function remove(): Promise<string | undefined> {
    const why = await act(ask("message:remove", { room, seq: entry.seq }), "owner.reports.removed");
    if (why === undefined) setRemoving("removed");
    return why;
  }

  if (removing === "removed") return null;
  return (
    <li className={css.line}>
      <p className={css.head}>
        <VisitorLink member={message.by} />
        {message.withheld && <span className={css.withheld}>{t("owner.live.withheld")}</span>}
        <span className={css.place}>
          <RoomName room={room} title={title} seq={entry.seq} />
          <Moment at={entry.at} />
        </span>
      </p>
      <MessageText text={message.text} />
      {removing === "asking" ? (
        <Confirm
          question={t("message.removeAsk")}
          yes={t("message.remove")}
          no={t("message.keep")}
          act={remove}
          onNo={() => setRemoving(undefined)}
        />
      ) : (
        <p className={css.tools}>
          <button type="button" className="text-button" onClick={() => setRemoving("asking")}>
            {t("message.remove")}
          </button>
          {message.by.id !== self && (
            <button
              type="button"
              className="text-button"
              onClick={(event) => moderate(message.by, room, event)}
            >
              {t("moderation.tools")}
            </button>
          )}
        </p>
      )}
    </li>
  );
}
