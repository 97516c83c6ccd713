import { type ReactNode, useEffect, useRef } from "react";
import { Icon } from "./icon";
import { IconButton } from "./icon-button";

type Props = { title: ReactNode; closeLabel: string; onClose: () => void; children: ReactNode };

/** A modal panel at the side. The browser's own dialog keeps the focus inside, and Escape closes it. */
export function Drawer({ title, closeLabel, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={dialog}
      aria-labelledby="drawer-title"
      className="drawer"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="drawer-inside">
        <div className="flex items-center justify-between">
          <h2 id="drawer-title">{title}</h2>
          <IconButton label={closeLabel} onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </IconButton>
        </div>
        {children}
      </div>
    </dialog>
  );
}
