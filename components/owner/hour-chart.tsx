import css from "../../styles/owner/hour-chart.module.css";
import { momentOf } from "../chat/feed/moments";
import { useLocale, useWords } from "../words/words";

/** `from`: when the first hour began. */
type Props = { from: number; counts: readonly number[] };

const hourMs = 3_600_000;
/** Of the drawing, which is stretched to its place. */
const [width, height] = [336, 100];
/** An hour with one message must not look like one without. */
const leastBar = 2;

/** Messages per hour: bars, and a sentence that says the same. */
export function HourChart({ from, counts }: Props) {
  const t = useWords();
  const locale = useLocale();
  const most = Math.max(...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const busiest = momentOf(from + counts.indexOf(most) * hourMs, locale);
  const summary =
    total === 0 ? t("owner.chart.none") : t("owner.chart.summary", { count: total, most, time: busiest });
  const step = width / counts.length;
  return (
    <figure className={css.chart}>
      <figcaption className={css.caption}>{t("owner.chart")}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {counts.map((count, index) => {
          const tall = count === 0 ? 0 : Math.max(leastBar, (count / most) * height);
          const x = index * step;
          // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
          return <rect key={index} x={x} y={height - tall} width={step * 0.8} height={tall} />;
        })}
      </svg>
      <p aria-hidden="true" className={css.ends}>
        <span>{momentOf(from, locale)}</span>
        <span>{momentOf(from + counts.length * hourMs, locale)}</span>
      </p>
      <p>{summary}</p>
    </figure>
  );
}
