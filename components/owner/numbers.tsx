import type { Overview } from "../../protocol/events";
import css from "../../styles/owner/numbers.module.css";
import { useWords } from "../words/words";

/** The hour that is not over, and the day before it. */
const dayHours = 24;

/** How many visitors, rooms and messages there are, in one line. */
export function Numbers({ overview: { visitors, rooms, messages } }: { overview: Overview }) {
  const t = useWords();
  const today = messages.counts.slice(-dayHours).reduce((sum, count) => sum + count, 0);
  return (
    <ul className={css.numbers}>
      <li className={css.now}>{t("owner.visitors", { count: visitors })}</li>
      <li>{t("owner.rooms", { count: rooms.length })}</li>
      <li>{t("owner.today", { count: today })}</li>
    </ul>
  );
}
