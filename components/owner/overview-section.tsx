import { useState } from "react";
import { Choice } from "../ui/choice";
import { useWords } from "../words/words";
import { HourChart } from "./hour-chart";
import { useStaff } from "./staff-context";
import { StaffList } from "./staff-list";

const hours = { day: 24, week: 7 * 24 } as const;

/** Messages in each hour of a day or a week, and the visitors with roles. */
export function OverviewSection() {
  const t = useWords();
  const { messages, staff = [] } = useStaff().overview;
  const [span, setSpan] = useState<keyof typeof hours>("day");
  const first = messages.counts.length - hours[span];
  return (
    <>
      <Choice
        label={t("owner.chart.span")}
        options={[
          { value: "day", label: t("owner.chart.day") },
          { value: "week", label: t("owner.chart.week") },
        ]}
        chosen={span}
        onChoose={setSpan}
      />
      <HourChart from={messages.from + first * 3_600_000} counts={messages.counts.slice(first)} />
      {staff.length > 0 && <StaffList staff={staff} />}
    </>
  );
}
