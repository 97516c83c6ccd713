import { type ComponentProps, useRef } from "react";
import { useEarlyText } from "./use-early-text";

type Props = Omit<ComponentProps<"input">, "id" | "onChange" | "ref"> & {
  id: string;
  label: string;
  /** What to fill in; an error replaces it. */
  hint?: string;
  error?: string | undefined;
  onChange: (value: string) => void;
};

/** A field of one line, with its hint or error below it. */
export function Field({ id, label, hint, error, onChange, ...input }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEarlyText(field, onChange);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        ref={field}
        id={id}
        dir="auto"
        aria-describedby={`${id}-note`}
        aria-invalid={error !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-note`} role="status" className={error === undefined ? "field-note" : "field-note alarm"}>
        {error ?? hint}
      </p>
    </div>
  );
}
