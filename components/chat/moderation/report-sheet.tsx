import { useState } from "react";
import type { ReportReason } from "../../../protocol/events";
import { Dialog } from "../../ui/dialog";
import { IsolatedText, useWords } from "../../words/words";
import { type Refusal, refusalOf } from "../client/refusal";
import { truncate } from "../feed/truncate";
import type { SheetProps } from "../visitor-sheet";
import { reasons } from "./reasons";

type Reporting = { is: "choosing"; refusal?: Refusal } | { is: "sending" } | { is: "reported" };

const shownCharacters = 160;

/** Reports a message to the owner and moderators, with a reason, and says what follows. */
export default function ReportSheet({ target: { entry }, client, state, onClose }: SheetProps) {
  const t = useWords();
  const [reporting, setReporting] = useState<Reporting>({ is: "choosing" });
  const room = state.room?.id;

  async function report(reason: ReportReason): Promise<void> {
    if (!entry || room === undefined || reporting.is === "sending") return;
    setReporting({ is: "sending" });
    const refusal = await refusalOf(client.ask("message:report", { room, seq: entry.seq, reason }));
    setReporting(refusal ? { is: "choosing", refusal } : { is: "reported" });
  }

  return (
    <Dialog shape="sheet" title={t("report.title")} closeLabel={t("chat.close")} onClose={onClose}>
      {entry && (
        <p className="report-quote">
          <IsolatedText>{truncate(entry.text, shownCharacters)}</IsolatedText>
        </p>
      )}
      {reporting.is !== "reported" && (
        // biome-ignore lint/a11y/useSemanticElements: nothing here is filled in
        <div role="group" aria-label={t("moderation.reason")} className="tool-list">
          {reasons.map((reason) => (
            <button
              key={reason}
              type="button"
              aria-disabled={reporting.is === "sending"}
              onClick={() => void report(reason)}
            >
              {t(`report.${reason}`)}
            </button>
          ))}
        </div>
      )}
      <p role="status" className="report-outcome">
        {reporting.is === "reported" && t("report.done")}
        {reporting.is === "choosing" && reporting.refusal && (
          <span className="alarm">
            {reporting.refusal === "rate_limited"
              ? t("report.tooOften")
              : t("me.failed", { reason: t(`error.${reporting.refusal}`) })}
          </span>
        )}
      </p>
    </Dialog>
  );
}
