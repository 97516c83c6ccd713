import { type FormEvent, useEffect, useRef, useState } from "react";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { changeErrorOf, type FormError, fieldLengths, findChangeError } from "./form-errors";
import type { IdentityClient } from "./identity-client";
import { useSaying } from "./use-saying";

type Props = {
  handle: string;
  send: IdentityClient["changePassword"];
  onDone: () => void;
  onCancel: () => void;
};

/** A form with the current password and the new one. */
export function PasswordChange({ handle, send, onDone, onCancel }: Props) {
  const t = useWords();
  const say = useSaying();
  const [passwords, setPasswords] = useState({ password: "", newPassword: "" });
  const [endOthers, setEndOthers] = useState(true);
  const [formError, setFormError] = useState<FormError>();
  const [isSending, setSending] = useState(false);
  const fields = useRef<HTMLFormElement>(null);

  useEffect(() => focusOn(fields.current, "password"), []);

  function tell(found: FormError): void {
    setFormError(found);
    focusOn(fields.current, found.at);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    const found = findChangeError(passwords);
    if (found) return tell(found);
    setSending(true);
    setFormError(undefined);
    const answer = await send({ ...passwords, endOthers });
    if (answer.ok) return onDone();
    setSending(false);
    tell(changeErrorOf(answer.error));
  }

  const errorAt = (at: FormError["at"]) => (formError?.at === at ? say.formError(formError) : undefined);
  const change = (field: keyof typeof passwords) => (value: string) => {
    setPasswords((before) => ({ ...before, [field]: value }));
    setFormError(undefined);
  };
  return (
    <form ref={fields} className="me-form" onSubmit={submit}>
      {/* For password managers. */}
      <input type="text" autoComplete="username" value={handle} readOnly hidden />
      <Field
        id="change-password"
        label={t("account.passwordNow")}
        type="password"
        value={passwords.password}
        autoComplete="current-password"
        error={errorAt("password")}
        onChange={change("password")}
      />
      <Field
        id="change-newPassword"
        label={t("account.passwordNew")}
        type="password"
        value={passwords.newPassword}
        autoComplete="new-password"
        hint={t("account.passwordHint", fieldLengths.newPassword)}
        error={errorAt("newPassword")}
        onChange={change("newPassword")}
      />
      <label className="me-choice">
        <input type="checkbox" checked={endOthers} onChange={(event) => setEndOthers(event.target.checked)} />
        {t("account.endOthers")}
      </label>
      <p role="alert" className="form-error">
        {errorAt("form")}
      </p>
      <div className="me-actions">
        <button type="submit" className="pill-button" aria-disabled={isSending}>
          {t(isSending ? "me.waiting" : "account.changePassword")}
        </button>
        <button type="button" className="text-button" onClick={onCancel}>
          {t("me.cancel")}
        </button>
      </div>
    </form>
  );
}

const focusOn = (form: HTMLFormElement | null, field: FormError["at"]): void =>
  form?.querySelector<HTMLInputElement>(`#change-${field}`)?.focus();
