import type { GuardTrial } from "../../protocol/events";
import css from "../../styles/owner/trial-outcome.module.css";
import { useWords } from "../words/words";

/** The signs of a text with their scores, and what follows under each level. */
export function TrialOutcome({ found }: { found: GuardTrial }) {
  const t = useWords();
  const { signs, score, bounds, level, word } = found;
  const outcome = (bound: number) => t(score >= bound ? "owner.guard.try.withheld" : "owner.guard.try.shown");
  return (
    <>
      {signs.length === 0 ? (
        <p>{t("owner.guard.try.clean")}</p>
      ) : (
        <>
          <ul className={css.signs}>
            {signs.map(({ sign, score: each }) => (
              <li key={sign}>
                {t("owner.guard.try.sign", {
                  sign:
                    sign === "word" && word !== undefined
                      ? t("owner.guard.try.word", { word })
                      : t(`owner.sign.${sign}`),
                  score: each,
                })}
              </li>
            ))}
          </ul>
          <p className={css.score}>{t("owner.guard.try.score", { score })}</p>
          <ul className={css.levels}>
            {(["mild", "strict"] as const).map((each) => (
              <li key={each}>
                {t(`owner.guard.try.${each}`, { bound: bounds[each], outcome: outcome(bounds[each]) })}
              </li>
            ))}
          </ul>
        </>
      )}
      <p className={css.note}>{t(`owner.guard.level.${level}`)}</p>
      <p className={css.note}>{t("owner.guard.try.note")}</p>
    </>
  );
}
