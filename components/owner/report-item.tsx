import { useState } from "react";
import type { MessageEntry, Report } from "../../protocol/events";
import css from "../../styles/owner/report-item.module.css";
import { MessageText } from "../chat/feed/message-text";
import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";
import { Moment, TimeOfDay } from "./moment";
import { ReportReasons } from "./report-reasons";
import { RoomName } from "./room-name";
import { useStaff } from "./staff-context";
import { useAct } from "./use-acts";
import { VisitorLink } from "./visitor-name";

type Props = { report: Report; onSettled: () => void };

/** A reported message, the reasons, the messages around it, and the acts on it. */
export function ReportItem({ report, onSettled }: Props) {
  const t = useWords();
  const { room, seq, at, message, around } = report;
  const others = around.filter((entry) => entry.kind === "message");
  return (
    <div className={css.report}>
      <p className={css.place}>
        <RoomName room={room} seq={seq} />
        <Moment at={at} />
      </p>
      {message ? (
        <div className={css.message}>
          <p className={css.author}>
            <VisitorLink member={message.by} />
            <TimeOfDay at={message.at} />
          </p>
          <MessageText text={message.text} />
        </div>
      ) : (
        <p className={css.gone}>{t("owner.reports.gone")}</p>
      )}
      <ReportReasons report={report} />
      {others.length > 0 && (
        <details className={css.around}>
          <summary>{t("owner.reports.around")}</summary>
          <ul>
            {others.map((entry) => (
              <li key={entry.seq}>
                <VisitorLink member={entry.by} /> <MessageText text={entry.text} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <Actions report={report} message={message} onSettled={onSettled} />
    </div>
  );
}

function Actions({ report, message, onSettled }: Props & { message: MessageEntry | undefined }) {
  const t = useWords();
  const { ask, moderate } = useStaff();
  const act = useAct();
  const [isAsking, setAsking] = useState(false);
  const { room, seq } = report;

  async function settle(publish: boolean): Promise<void> {
    const settling = ask("report:settle", { room, seq, ...(publish && { publish }) });
    const why = await act(settling, publish ? "owner.reports.published" : "owner.reports.settled");
    if (why === undefined) onSettled();
  }

  async function remove(): Promise<string | undefined> {
    const why = await act(ask("message:remove", { room, seq }), "owner.reports.removed");
    if (why !== undefined) return why;
    await ask("report:settle", { room, seq });
    onSettled();
    return undefined;
  }

  if (isAsking)
    return (
      <Confirm
        question={t("message.removeAsk")}
        yes={t("message.remove")}
        no={t("message.keep")}
        act={remove}
        onNo={() => setAsking(false)}
      />
    );
  const isWithheld = message?.withheld === true;
  return (
    <div className={css.actions}>
      {isWithheld && (
        <button type="button" className="quiet-button" onClick={() => void settle(true)}>
          {t("owner.reports.publish")}
        </button>
      )}
      <button type="button" className="quiet-button" onClick={() => void settle(false)}>
        {t(isWithheld ? "owner.reports.keep" : "owner.reports.settle")}
      </button>
      {message && (
        <>
          <button type="button" className="quiet-button" onClick={() => setAsking(true)}>
            {t("message.remove")}
          </button>
          <button
            type="button"
            className="quiet-button"
            onClick={(event) => moderate(message.by, room, event)}
          >
            {t("moderation.tools")}
          </button>
        </>
      )}
    </div>
  );
}
