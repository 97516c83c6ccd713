import { useState } from "react";
import type { Report, UnlistedCount } from "../../protocol/events";
import css from "../../styles/owner/reports-section.module.css";
import { useWords } from "../words/words";
import { ListFrame } from "./list-frame";
import { ReportItem } from "./report-item";
import { useStaff } from "./staff-context";
import { useList } from "./use-list";

const keyOf = ({ room, seq }: Pick<Report, "room" | "seq">): string => `${room} ${seq}`;

/** What is reported and not settled, the last reported first. */
export function ReportsSection() {
  const t = useWords();
  const { ask, overview, reportsChanged, acts } = useStaff();
  const [unlisted, setUnlisted] = useState<UnlistedCount>();
  const { list, reload, readMore, drop } = useList<Report>(async (before) => {
    const answer = await ask("report:list", before === undefined ? {} : { before });
    if (answer?.ok) setUnlisted(answer.unlisted);
    return answer?.ok ? { ok: true, items: answer.reports, more: answer.more } : answer;
  }, `${reportsChanged} ${acts} ${overview.reports}`);
  return (
    <>
      <ListFrame
        list={list}
        none={t("owner.reports.none")}
        label={t("owner.section.reports")}
        onRetry={() => void reload()}
        onMore={() => void readMore()}
        keyOf={keyOf}
      >
        {(report) => (
          <ReportItem report={report} onSettled={() => drop((each) => keyOf(each) === keyOf(report))} />
        )}
      </ListFrame>
      {unlisted && (
        <p key={unlisted.count} className={css.unlisted}>
          {t("owner.reports.unlisted", { count: unlisted.count })}
        </p>
      )}
    </>
  );
}
