import { type FormEvent, useState } from "react";
import type { ErrorCode, GuardTrial } from "../../protocol/events";
import css from "../../styles/owner/text-trial.module.css";
import { Choice } from "../ui/choice";
import { TextArea } from "../ui/text-area";
import { useWords } from "../words/words";
import { useStaff } from "./staff-context";
import { TrialOutcome } from "./trial-outcome";

type Author = "newcomer" | "settled";
type Trial =
  | { is: "idle" | "missing" | "asking" }
  | { is: "tried"; found: GuardTrial }
  | { is: "failed"; code: ErrorCode };

/** A text as a visitor might write it, and what the guard would make of it. */
export function TextTrial() {
  const t = useWords();
  const { ask } = useStaff();
  const [text, setText] = useState("");
  const [author, setAuthor] = useState<Author>("newcomer");
  const [trial, setTrial] = useState<Trial>({ is: "idle" });

  async function run(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (trial.is === "asking") return;
    if (text.trim() === "") return setTrial({ is: "missing" });
    setTrial({ is: "asking" });
    const answer = await ask("guard:try", { text, isNewcomer: author === "newcomer" });
    if (answer?.ok) setTrial({ is: "tried", found: answer });
    else setTrial({ is: "failed", code: answer?.error.code ?? "unavailable" });
  }

  return (
    <form className={css.trial} onSubmit={run}>
      <h3>{t("owner.guard.try.title")}</h3>
      <TextArea
        id="owner-trial"
        label={t("owner.guard.try.text")}
        rows={3}
        value={text}
        onChange={(changed) => {
          setText(changed);
          setTrial({ is: "idle" });
        }}
      />
      <Choice
        label={t("owner.guard.try.by")}
        options={[
          { value: "newcomer", label: t("owner.guard.try.newcomer") },
          { value: "settled", label: t("owner.guard.try.settled") },
        ]}
        chosen={author}
        onChoose={(chosen) => {
          setAuthor(chosen);
          setTrial({ is: "idle" });
        }}
      />
      <button type="submit" className={`quiet-button ${css.run}`} aria-disabled={trial.is === "asking"}>
        {t("owner.guard.try.button")}
      </button>
      <div role="status" className={css.outcome}>
        {trial.is === "missing" && <p className="alarm">{t("owner.guard.try.missing")}</p>}
        {trial.is === "failed" && (
          <p className="alarm">{t("owner.notDone", { reason: t(`error.${trial.code}`) })}</p>
        )}
        {trial.is === "tried" && <TrialOutcome found={trial.found} />}
      </div>
    </form>
  );
}
