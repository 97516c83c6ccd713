import { useRouter } from "next/router";
import { type FormEvent, useState } from "react";
import { Field } from "../ui/field";
import { useAlive } from "../ui/use-alive";
import { useLocale, useWords } from "../words/words";
import { type FormError, otherError } from "./form-errors";
import { openBrowserIdentity } from "./identity-client";
import { isCodeIncomplete } from "./transfer-link";
import { useSaying } from "./use-saying";

/** Turns this browser into the code's visitor once the reader confirms, then leads to the chat. */
export function ClaimForm({ given }: { given: string }) {
  const t = useWords();
  const isAlive = useAlive();
  const say = useSaying();
  const locale = useLocale();
  const router = useRouter();
  const [client] = useState(() => openBrowserIdentity(locale));
  const [code, setCode] = useState(given);
  const [formError, setFormError] = useState<Omit<FormError, "at">>();
  const [isClaiming, setClaiming] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isClaiming) return;
    if (isCodeIncomplete(code)) return setFormError({ key: "claim.incomplete" });
    setClaiming(true);
    const answer = await client.claim(code);
    // Replace, so that going back does not return to the used code.
    if (answer.ok) return void router.replace("/chat");
    setClaiming(false);
    setFormError(answer.error.code === "expired" ? { key: "claim.expired" } : otherError(answer.error));
  }

  return (
    <form className="me-form" onSubmit={submit}>
      <Field
        id="claim-code"
        label={t("claim.code")}
        value={code}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        enterKeyHint="go"
        className="offer-code"
        placeholder="XXXX-XXXX-XXXX-XXXX"
        error={formError && say.formError(formError)}
        onChange={(value) => {
          setCode(value);
          setFormError(undefined);
        }}
      />
      <div className="me-actions">
        <button type="submit" className="pill-button" disabled={!isAlive} aria-disabled={isClaiming}>
          {t(isClaiming ? "me.waiting" : "claim.yes")}
        </button>
      </div>
    </form>
  );
}
