import { useId, useRef } from "react";
import { Icon } from "./icon";

type Item = { label: string; onChoose: (opener: { currentTarget: HTMLElement }) => void };
type Props = { label: string; items: readonly Item[] };

/** As `--size-touch` in styles/theme.css. */
const itemPx = 44;

/** A button with three dots, and below it a menu of actions in words. */
export function MoreMenu({ label, items }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  /** The browser shows a popover in the middle of the screen: this puts it at the button, and lets it scroll with it. */
  function place(): void {
    if (!button.current || !menu.current) return;
    const { top, bottom, left, right } = button.current.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const isAbove = clientHeight - bottom < itemPx * (items.length + 1);
    const isAtStart = left < clientWidth - right;
    const px = (value: number): string => `${value}px`;
    Object.assign(menu.current.style, {
      top: isAbove ? "auto" : px(bottom + scrollY),
      bottom: isAbove ? px(clientHeight - top - scrollY) : "auto",
      left: isAtStart ? px(left + scrollX) : "auto",
      right: isAtStart ? "auto" : px(clientWidth - right - scrollX),
    });
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
