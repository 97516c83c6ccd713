import { type FormEvent, useEffect, useRef, useState } from "react";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import {
  type AccountFormKind as Form,
  type FormError,
  fieldLengths,
  findFormError,
  formErrorOf,
} from "./form-errors";
import type { IdentityClient } from "./identity-client";
import { useSaying } from "./use-saying";

type Props = { form: Form; send: IdentityClient["signUp"]; onCancel: () => void };

/** A handle and a password, to sign up or to log in with. */
export function AccountForm({ form, send, onCancel }: Props) {
  const t = useWords();
  const say = useSaying();
  const [handle, setHandle] = useState("");
  const [password, setPassword] = useState("");
  const [formError, setFormError] = useState<FormError>();
  const [isSending, setSending] = useState(false);
  const fields = useRef<HTMLFormElement>(null);
  const isNew = form === "signUp";

  useEffect(() => focusOn(fields.current, "handle"), []);

  function tell(found: FormError): void {
    setFormError(found);
    if (found.at !== "form") focusOn(fields.current, found.at);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    const found = findFormError(form, { handle, password });
    if (found) return tell(found);
    setSending(true);
    setFormError(undefined);
    const answer = await send({ handle, password });
    setSending(false);
    if (!answer.ok) tell(formErrorOf(form, answer.error));
  }

  const errorAt = (at: FormError["at"]) => (formError?.at === at ? say.formError(formError) : undefined);
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    setFormError(undefined);
  };
  return (
    <form ref={fields} className="me-form" onSubmit={submit}>
      <Field
        id="account-handle"
        label={t("account.handle")}
        value={handle}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint={isNew ? t("account.handleHint", fieldLengths.handle) : ""}
        error={errorAt("handle")}
        onChange={change(setHandle)}
      />
      <Field
        id="account-password"
        label={t("account.password")}
        type="password"
        value={password}
        autoComplete={isNew ? "new-password" : "current-password"}
        hint={isNew ? t("account.passwordHint", fieldLengths.password) : ""}
        error={errorAt("password")}
        onChange={change(setPassword)}
      />
      <p role="alert" className="form-error">
        {errorAt("form")}
      </p>
      <div className="me-actions">
        <button type="submit" className="pill-button" aria-disabled={isSending}>
          {t(isSending ? "me.waiting" : `account.${form}`)}
        </button>
        <button type="button" className="text-button" onClick={onCancel}>
          {t("me.cancel")}
        </button>
      </div>
    </form>
  );
}

const focusOn = (form: HTMLFormElement | null, field: FormError["at"]): void =>
  form?.querySelector<HTMLInputElement>(`#account-${field}`)?.focus();
