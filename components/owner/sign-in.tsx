import { type FormEvent, useRef, useState } from "react";
import css from "../../styles/owner/sign-in.module.css";
import type { Refusal } from "../chat/client/refusal";
import { useAlive } from "../ui/use-alive";
import { useEarlyText } from "../ui/use-early-text";
import { type Translate, useWords } from "../words/words";

type Props = {
  signIn: (key: string) => Promise<Refusal>;
  /** The key of a link is being tried; `refusal`: what came of it. */
  isTrying: boolean;
  refusal: Refusal;
};

/** The form for the owner's key. */
export function SignIn({ signIn, isTrying, refusal: refusalOfLink }: Props) {
  const t = useWords();
  const isAlive = useAlive();
  const field = useRef<HTMLInputElement>(null);
  const [key, setKey] = useState("");
  const [own, setOwn] = useState<{ isChecking: boolean; why?: string }>({ isChecking: false });
  useEarlyText(field, setKey);
  const isChecking = isTrying || own.isChecking;
  const why = own.why ?? (refusalOfLink && sentenceOf(refusalOfLink, t));

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isChecking) return;
    if (key.trim() === "") {
      setOwn({ isChecking: false, why: t("owner.signIn.missing") });
      return field.current?.focus();
    }
    setOwn({ isChecking: true });
    const refusal = await signIn(key.trim());
    setOwn({ isChecking: false, ...(refusal && { why: sentenceOf(refusal, t) }) });
    if (refusal) field.current?.focus();
  }

  return (
    <>
      <h1 className="page-title">{t("owner.title")}</h1>
      <p className="page-lead">{t("owner.signIn.lead")}</p>
      <form className={css.form} onSubmit={submit}>
        <div className="field">
          <label htmlFor="owner-key">{t("owner.signIn.field")}</label>
          <input
            ref={field}
            id="owner-key"
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            value={key}
            aria-describedby="owner-key-note"
            aria-invalid={why !== undefined && !isChecking}
            onChange={({ target }) => setKey(target.value)}
          />
          <p
            id="owner-key-note"
            role="status"
            className={why && !isChecking ? "field-note alarm" : "field-note"}
          >
            {isChecking ? t("owner.signIn.checking") : why}
          </p>
        </div>
        <button type="submit" className="pill-button" disabled={!isAlive} aria-disabled={isChecking}>
          {t("owner.signIn.button")}
        </button>
      </form>
      <p className={`fine-print ${css.note}`}>{t("owner.signIn.moderators")}</p>
    </>
  );
}

function sentenceOf(refusal: NonNullable<Refusal>, t: Translate): string {
  if (refusal === "forbidden") return t("owner.signIn.wrong");
  if (refusal === "rate_limited") return t("owner.signIn.tooOften");
  return t("owner.signIn.failed", { reason: t(`error.${refusal}`) });
}
