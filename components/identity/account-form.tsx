import { type FormEvent, useEffect, useRef, useState } from "react";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { type Fault, type AccountFormKind as Form, faultOf, findFault } from "./faults";
import type { IdentityClient } from "./identity-client";
import { useSaying } from "./use-saying";

type Props = { form: Form; send: IdentityClient["signUp"]; onCancel: () => void };

/** A handle and a password, to sign up or to log in with. */
export function AccountForm({ form, send, onCancel }: Props) {
  const t = useWords();
  const say = useSaying();
  const [handle, setHandle] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<Fault>();
  const [isSending, setSending] = useState(false);
  const fields = useRef<HTMLFormElement>(null);
  const isNew = form === "signUp";

  useEffect(() => focusOn(fields.current, "handle"), []);

  function tell(found: Fault): void {
    setFault(found);
    if (found.at !== "form") focusOn(fields.current, found.at);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    const found = findFault(form, { handle, password });
    if (found) return tell(found);
    setSending(true);
    setFault(undefined);
    const answer = await send({ handle, password });
    setSending(false);
    if (!answer.ok) tell(faultOf(form, answer.error));
  }

  const faultAt = (at: Fault["at"]) => (fault?.at === at ? say.fault(fault) : undefined);
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    setFault(undefined);
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
        hint={isNew ? t("account.handleHint") : ""}
        fault={faultAt("handle")}
        onChange={change(setHandle)}
      />
      <Field
        id="account-password"
        label={t("account.password")}
        type="password"
        value={password}
        autoComplete={isNew ? "new-password" : "current-password"}
        hint={isNew ? t("account.passwordHint") : ""}
        fault={faultAt("password")}
        onChange={change(setPassword)}
      />
      <p role="alert" className="fault">
        {faultAt("form")}
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

const focusOn = (form: HTMLFormElement | null, field: Fault["at"]): void =>
  form?.querySelector<HTMLInputElement>(`#account-${field}`)?.focus();
