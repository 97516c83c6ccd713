import type { GuardSign, Report, ReportReason } from "../../protocol/events";
import css from "../../styles/owner/report-reasons.module.css";
import { useWords } from "../words/words";

type Reason = ReportReason | "unstated";

/** Why a message is in the list: visitors' reasons with how many gave each, and the guard's explained. */
export function ReportReasons({ report: { reporters, count } }: { report: Report }) {
  const t = useWords();
  const visitors = reporters.filter(({ by }) => by !== "guard");
  const signs = reporters.flatMap((reporter) => reporter.signs ?? []);
  const counts = countsOf(visitors.map(({ reason }): Reason => reason ?? "unstated"));
  return (
    <ul className={css.reasons}>
      {signs.length > 0 && (
        <li className={css.guard}>{t("owner.reports.guard", { signs: listOf(signs) })}</li>
      )}
      {[...counts].map(([reason, times]) => (
        <li key={reason}>
          {t("owner.reports.reason", {
            reason: t(reason === "unstated" ? "owner.reports.unstated" : `report.${reason}`),
            count: times,
          })}
        </li>
      ))}
      {count > reporters.length && <li>{t("owner.reports.times", { count })}</li>}
    </ul>
  );

  function listOf(found: readonly GuardSign[]): string {
    return found.map((sign) => t(`owner.sign.${sign}`)).join(t("list.separator"));
  }
}

function countsOf(reasons: readonly Reason[]): Map<Reason, number> {
  const counts = new Map<Reason, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
