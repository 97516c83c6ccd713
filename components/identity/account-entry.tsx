import { useEffect, useRef, useState } from "react";
import { useWords } from "../words/words";
import { AccountForm } from "./account-form";
import type { AccountFormKind as Form } from "./form-errors";
import type { IdentityClient } from "./identity-client";

type Props = { client: Pick<IdentityClient, "signUp" | "logIn"> };

const forms = ["signUp", "logIn"] as const satisfies Form[];

/** Sign up or log in: the chosen form replaces the two buttons. */
export function AccountEntry({ client }: Props) {
  const t = useWords();
  const [open, setOpen] = useState<Form>();
  const [left, setLeft] = useState<Form>();
  const openers = useRef<Partial<Record<Form, HTMLButtonElement | null>>>({});

  useEffect(() => {
    if (left) openers.current[left]?.focus();
  }, [left]);

  if (open)
    return (
      <AccountForm
        form={open}
        send={client[open]}
        onCancel={() => {
          setOpen(undefined);
          setLeft(open);
        }}
      />
    );
  return (
    <div className="me-actions">
      {forms.map((form) => (
        <button
          key={form}
          ref={(button) => {
            openers.current[form] = button;
          }}
          type="button"
          className="quiet-button"
          onClick={() => {
            setLeft(undefined);
            setOpen(form);
          }}
        >
          {t(`account.${form}`)}
        </button>
      ))}
    </div>
  );
}
