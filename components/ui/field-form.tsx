import type { FormEvent, ReactNode } from "react";

type Props = {
  id: string;
  label: string;
  value: string;
  isInvalid: boolean;
  action: string;
  isDisabled: boolean;
  /** Stands below the field; changes are told to those who do not see them. */
  note: ReactNode;
  onChange: (value: string) => void;
  onSubmit: () => void;
};

/** One line to fill in, and one thing to do with it. */
export function FieldForm({ id, label, value, isInvalid, action, isDisabled, note, ...on }: Props) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    on.onSubmit();
  }

  return (
    <form className="field-form" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <div className="field-form-row">
        <input
          id={id}
          value={value}
          autoComplete="off"
          enterKeyHint="go"
          aria-describedby={`${id}-note`}
          aria-invalid={isInvalid}
          onChange={(event) => on.onChange(event.target.value)}
        />
        <button type="submit" className="pill-button" aria-disabled={isDisabled}>
          {action}
        </button>
      </div>
      <p id={`${id}-note`} role="status" className="field-form-note">
        {note}
      </p>
    </form>
  );
}
