import { useState } from "react";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { FormEnd } from "./form-end";
import { type AccountFormKind as Form, fieldLengths, findFormError, formErrorOf } from "./form-errors";
import type { IdentityClient } from "./identity-client";
import { useForm } from "./use-form";

type Props = { form: Form; send: IdentityClient["signUp"]; onCancel: () => void };

/** A handle and a password, to sign up or to log in with. */
export function AccountForm({ form, send, onCancel }: Props) {
  const t = useWords();
  const [handle, setHandle] = useState("");
  const [password, setPassword] = useState("");
  const isNew = form === "signUp";
  const { changed, errorAt, ...fields } = useForm("account", "handle", {
    check: () => findFormError(form, { handle, password }),
    async send() {
      const answer = await send({ handle, password });
      return answer.ok ? undefined : formErrorOf(form, answer.error);
    },
  });

  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    changed();
  };
  return (
    <form ref={fields.form} className="me-form" onSubmit={fields.submit}>
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
      <FormEnd
        error={errorAt("form")}
        isSending={fields.isSending}
        action={t(`account.${form}`)}
        onCancel={onCancel}
      />
    </form>
  );
}
