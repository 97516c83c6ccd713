import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./icon-button";
import { placeBeside } from "./place-beside";

type Props = {
  /** A drawer is at the right of the screen, a sheet in its middle; on a phone a sheet is at the bottom. */
  shape: "drawer" | "sheet";
  title: ReactNode;
  closeLabel: string;
  /** On a wide screen a sheet stands at this element, as a menu does. */
  beside?: HTMLElement;
  onClose: () => void;
  children: ReactNode;
};

/** A modal panel. The browser's own dialog keeps the focus inside, and Escape closes it. */
export function Dialog({ shape, title, closeLabel, beside, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
    if (dialog.current && beside) placeBeside(dialog.current, beside);
  }, [beside]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className={`dialog ${shape}`}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="dialog-inside">
        <div className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <IconButton label={closeLabel} onClick={() => dialog.current?.close()} icon="close" />
        </div>
        {children}
      </div>
    </dialog>
  );
}
