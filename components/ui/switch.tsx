import { type ReactNode, useId } from "react";

type Props = {
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onToggle: () => void;
  /** A hint about the switch, or the outcome of the last change. */
  note?: ReactNode;
};

/** A switch with immediate effect; it stays focusable while it is disabled. */
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
