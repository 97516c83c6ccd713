import type { ComponentProps } from "react";

type Props = Pick<ComponentProps<"textarea">, "readOnly" | "spellCheck" | "aria-describedby"> & {
  id: string;
  label: string;
  rows: number;
  value: string;
  onChange: (text: string) => void;
};

/** A field for several lines, below its label. */
export const TextArea = ({ label, onChange, ...area }: Props) => (
  <div className="text-area">
    <label htmlFor={area.id}>{label}</label>
    <textarea dir="auto" {...area} onChange={({ target }) => onChange(target.value)} />
  </div>
);
