import { type ReactNode, useId } from "react";

type Props = {
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onToggle: () => void;
  /** What is to be said about it, and what became of it. */
  note?: ReactNode;
};

/** On or off, at once; it stays reachable while it can do nothing. */
export function Switch({ label, isOn, isDisabled = false, onToggle, note }: Props) {
  const noteId = useId();
  return (
    <div className="switch">
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          aria-checked={isOn}
          aria-disabled={isDisabled}
          aria-describedby={noteId}
          onChange={() => isDisabled || onToggle()}
        />
        <span>{label}</span>
      </label>
      <p id={noteId} role="status">
        {note}
      </p>
    </div>
  );
}
