import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useAlive } from "./use-alive";
import { useEarlyText } from "./use-early-text";

type Props = {
  id: string;
  label: string;
  value: string;
  isInvalid: boolean;
  /** Shown when the form is submitted empty. */
  missing: string;
  action: string;
  isDisabled: boolean;
  /** Shown below the field, in a live region. */
  note: ReactNode;
  onChange: (value: string) => void;
  onSubmit: () => void;
};

/** A form with one field and one button. */
export function FieldForm({ id, label, value, isInvalid, missing, action, isDisabled, note, ...on }: Props) {
  const isAlive = useAlive();
  const field = useRef<HTMLInputElement>(null);
  useEarlyText(field, on.onChange);
  const [isMissing, setMissing] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const isEmpty = value.trim() === "";
    setMissing(isEmpty);
    if (isEmpty) field.current?.focus();
    else on.onSubmit();
  }

  return (
    <form className="field-form" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <div className="field-form-row">
        <input
          ref={field}
          id={id}
          value={value}
          dir="auto"
          autoComplete="off"
          enterKeyHint="go"
          aria-describedby={`${id}-note`}
          aria-invalid={isInvalid || isMissing}
          onChange={(event) => {
            setMissing(false);
            on.onChange(event.target.value);
          }}
        />
        <button type="submit" className="pill-button" disabled={!isAlive} aria-disabled={isDisabled}>
          {action}
        </button>
      </div>
      <p id={`${id}-note`} role="status" className="field-form-note">
        {isMissing ? <span className="alarm">{missing}</span> : note}
      </p>
    </form>
  );
}
