import { type ComponentProps, useRef } from "react";
import { useEarlyText } from "./use-early-text";

type Props = Omit<ComponentProps<"input">, "id" | "onChange" | "ref"> & {
  id: string;
  label: string;
  /** What to fill in; a fault replaces it. */
  hint?: string;
  fault?: string | undefined;
  onChange: (value: string) => void;
};

/** A field of one line, with its hint or fault below it. */
export function Field({ id, label, hint, fault, onChange, ...input }: Props) {
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
        aria-invalid={fault !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-note`} role="status" className={fault === undefined ? "field-note" : "field-note alarm"}>
        {fault ?? hint}
      </p>
    </div>
  );
}
