import { useState } from "react";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { FormEnd } from "./form-end";
import { changeErrorOf, fieldLengths, findChangeError } from "./form-errors";
import type { IdentityClient } from "./identity-client";
import { useForm } from "./use-form";

type Props = {
  handle: string;
  send: IdentityClient["changePassword"];
  onDone: () => void;
  onCancel: () => void;
};

/** A form with the current password and the new one. */
export function PasswordChange({ handle, send, onDone, onCancel }: Props) {
  const t = useWords();
  const [passwords, setPasswords] = useState({ password: "", newPassword: "" });
  const [endOthers, setEndOthers] = useState(true);
  const { changed, errorAt, ...fields } = useForm("change", "password", {
    check: () => findChangeError(passwords),
    async send() {
      const answer = await send({ ...passwords, endOthers });
      if (!answer.ok) return changeErrorOf(answer.error);
      onDone();
      return undefined;
    },
  });

  const change = (field: keyof typeof passwords) => (value: string) => {
    setPasswords((before) => ({ ...before, [field]: value }));
    changed();
  };
  return (
    <form ref={fields.form} className="me-form" onSubmit={fields.submit}>
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
      <FormEnd
        error={errorAt("form")}
        isSending={fields.isSending}
        action={t("account.changePassword")}
        onCancel={onCancel}
      />
    </form>
  );
}
