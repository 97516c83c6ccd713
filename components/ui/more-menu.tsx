import { useId, useRef } from "react";
import { Icon } from "./icon";

type Item = { label: string; onChoose: (opener: { currentTarget: HTMLElement }) => void };
type Props = { label: string; items: readonly Item[] };

/** A button with three dots, and below it a menu of actions in words. */
export function MoreMenu({ label, items }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  /** The browser shows a popover in the middle of the screen. */
  function place(): void {
    if (!button.current || !menu.current) return;
    const { bottom, right } = button.current.getBoundingClientRect();
    menu.current.style.top = `${bottom}px`;
    menu.current.style.right = `${document.documentElement.clientWidth - right}px`;
  }

  function choose({ onChoose }: Item): void {
    // A browser that knows no popovers shows the menu always.
    menu.current?.hidePopover?.();
    if (button.current) onChoose({ currentTarget: button.current });
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        title={label}
        className="icon-button more-button"
      >
        <Icon name="more" />
      </button>
      <div ref={menu} id={id} popover="auto" className="more-menu" onBeforeToggle={place}>
        {items.map((item) => (
          <button key={item.label} type="button" onClick={() => choose(item)}>
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
