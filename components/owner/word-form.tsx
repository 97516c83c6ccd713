import { type FormEvent, useEffect, useState } from "react";
import { maxGuardWords } from "../../protocol/limits";
import css from "../../styles/owner/word-form.module.css";
import { TextArea } from "../ui/text-area";
import { useWords } from "../words/words";
import { useStaff } from "./staff-context";

type OrdinaryHit = { word: string; text: string };
type Saving = { is: "reading" | "editing" | "saving" | "saved" } | { is: "failed"; why: string };

/** The words that the guard looks for, one on each line. */
export function WordForm() {
  const t = useWords();
  const { ask } = useStaff();
  const [text, setText] = useState("");
  const [saving, setSaving] = useState<Saving>({ is: "reading" });
  const [ordinary, setOrdinary] = useState<OrdinaryHit[]>([]);
  useEffect(() => {
    void ask("guard:words", {}).then((answer) => {
      if (!answer?.ok) return;
      setText(answer.words.join("\n"));
      setOrdinary(answer.ordinary ?? []);
      setSaving({ is: "editing" });
    });
  }, [ask]);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (saving.is === "saving" || saving.is === "reading") return;
    const words = text.split("\n").flatMap((line) => line.trim() || []);
    if (words.length > maxGuardWords)
      return setSaving({ is: "failed", why: t("owner.guard.tooMany", { count: maxGuardWords }) });
    setSaving({ is: "saving" });
    const answer = await ask("guard:words", { words });
    if (answer?.ok) {
      setOrdinary(answer.ordinary ?? []);
      return setSaving({ is: "saved" });
    }
    const refusal = answer?.error.code ?? "unavailable";
    setSaving({ is: "failed", why: t("settings.failed", { reason: t(`error.${refusal}`) }) });
  }

  return (
    <form className={css.form} onSubmit={save}>
      <TextArea
        id="owner-words"
        label={t("owner.guard.words")}
        rows={8}
        spellCheck={false}
        value={text}
        readOnly={saving.is === "reading"}
        aria-describedby="owner-words-hint"
        onChange={(changed) => {
          setText(changed);
          setSaving({ is: "editing" });
        }}
      />
      <p id="owner-words-hint" className={css.hint}>
        {t("owner.guard.wordsHint")}
      </p>
      <div className={css.end}>
        <button type="submit" className="pill-button" aria-disabled={saving.is === "saving"}>
          {t("owner.guard.save")}
        </button>
        <p role="status">
          {saving.is === "saved" && <span>{t("owner.guard.saved")}</span>}
          {saving.is === "failed" && <span className="alarm">{saving.why}</span>}
        </p>
      </div>
      {ordinary.length > 0 && (
        <ul className={css.ordinary}>
          {ordinary.map((hit) => (
            <li key={hit.word}>{t("owner.guard.ordinary", hit)}</li>
          ))}
        </ul>
      )}
    </form>
  );
}
