import type { MouseEvent } from "react";
import { Icon } from "./icon";

type Props = {
  label: string;
  /** A short name that stands in place of the picture where fingers tap and there is space. */
  word?: string;
  onClick: (event: MouseEvent<HTMLElement>) => void;
  className?: string;
  /** A symbol of icons.svg. */
  icon: string;
};

/** A button that shows only a picture; its name is for screen readers, and shown on hover. */
export function IconButton({ label, word, onClick, className = "", icon }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      data-word={word}
      title={label}
      onClick={onClick}
      className={`icon-button ${className}`}
    >
      <Icon name={icon} />
    </button>
  );
}
