import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Ack } from "../../protocol/events";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { FormButtons } from "./form-end";
import { changeErrorOf, type FormError } from "./form-errors";
import { useSaying } from "./use-saying";

type Props = {
  handle: string;
  /** The button's label, which names the action. */
  yes: string;
  act: (password: string) => Promise<Ack<object>>;
  onDone: () => void;
  onCancel: () => void;
};

/** Asks for the password again before an irreversible action. */
export function PasswordForm({ handle, yes, act, onDone, onCancel }: Props) {
  const t = useWords();
  const say = useSaying();
  const [password, setPassword] = useState("");
  const [formError, setFormError] = useState<FormError>();
  const [isSending, setSending] = useState(false);
  const fields = useRef<HTMLFormElement>(null);
  const focus = () => fields.current?.querySelector<HTMLInputElement>("#proof-password")?.focus();

  useEffect(() => fields.current?.querySelector<HTMLInputElement>("#proof-password")?.focus(), []);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    if (password === "") {
      setFormError({ at: "password", key: "account.passwordMissing" });
      return focus();
    }
    setSending(true);
    const answer = await act(password);
    if (answer.ok) return onDone();
    setSending(false);
    setFormError(changeErrorOf(answer.error));
    focus();
  }

  return (
    <form ref={fields} className="me-form" onSubmit={submit}>
      {/* For password managers. */}
      <input type="text" autoComplete="username" value={handle} readOnly hidden />
      <Field
        id="proof-password"
        label={t("account.password")}
        type="password"
        value={password}
        autoComplete="current-password"
        hint={t("account.proof")}
        error={formError && say.formError(formError)}
        onChange={(value) => {
          setPassword(value);
          setFormError(undefined);
        }}
      />
      <FormButtons isSending={isSending} action={yes} onCancel={onCancel} />
    </form>
  );
}
