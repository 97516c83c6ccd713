import type { Report } from "../../protocol/events";
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
  const { list, reload, readMore, drop } = useList<Report>(async (before) => {
    const answer = await ask("report:list", before === undefined ? {} : { before });
    return answer?.ok ? { ok: true, items: answer.reports, more: answer.more } : answer;
  }, `${reportsChanged} ${acts} ${overview.reports}`);
  return (
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
  );
}
