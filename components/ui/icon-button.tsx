import type { MouseEvent, ReactNode } from "react";

type Props = {
  label: string;
  /** A short name that stands in place of the picture where fingers tap and there is space. */
  word?: string;
  onClick: (event: MouseEvent<HTMLElement>) => void;
  className?: string;
  children: ReactNode;
};

/** A button that shows only a picture; its name is for screen readers, and shown on hover. */
export function IconButton({ label, word, onClick, className = "", children }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      data-word={word}
      title={label}
      onClick={onClick}
      className={`icon-button ${className}`}
    >
      {children}
    </button>
  );
}
