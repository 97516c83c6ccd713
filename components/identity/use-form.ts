import { type FormEvent, useEffect, useRef, useState } from "react";
import type { FormError } from "./form-errors";
import { useSaying } from "./use-saying";

type FormSteps = {
  /** The error that is found before anything is sent. */
  check(): FormError | undefined;
  /** Resolves to what the server has refused. */
  send(): Promise<FormError | undefined>;
};

/** A form that is sent once at a time, and shows one error, at its field. The ids of its fields are `name-field`. */
export function useForm(name: string, firstField: FormError["at"], { check, send }: FormSteps) {
  const say = useSaying();
  const [formError, setFormError] = useState<FormError>();
  const [isSending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => focusOn(form.current, name, firstField), [name, firstField]);

  function tell(found: FormError): void {
    setFormError(found);
    focusOn(form.current, name, found.at);
  }

  return {
    form,
    isSending,
    async submit(event: FormEvent): Promise<void> {
      event.preventDefault();
      if (isSending) return;
      const found = check();
      if (found) return tell(found);
      setSending(true);
      setFormError(undefined);
      const refusal = await send();
      setSending(false);
      if (refusal) tell(refusal);
    },
    /** To be called when a field changes. */
    changed: () => setFormError(undefined),
    errorAt: (at: FormError["at"]) => (formError?.at === at ? say.formError(formError) : undefined),
  };
}

/** Does nothing for an error of the whole form, which has no field. */
const focusOn = (form: HTMLFormElement | null, name: string, field: FormError["at"]): void =>
  form?.querySelector<HTMLInputElement>(`#${name}-${field}`)?.focus();
