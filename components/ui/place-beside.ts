/** As `--breakpoint-tablet` in styles/theme.css: from this width on, a menu stands at its button. */
const wideScreen = "(min-width: 40rem)";
const gapPx = 8;

/** Moves an open dialog to the element that opened it, within the screen; on a phone it stays where it is. */
export function placeBeside(dialog: HTMLDialogElement, opener: HTMLElement): void {
  if (!matchMedia(wideScreen).matches) return;
  const { left, right, top } = opener.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth, offsetHeight } = dialog;
  const beside = right + gapPx + offsetWidth <= clientWidth ? right + gapPx : left - gapPx - offsetWidth;
  const within = (value: number, most: number) => Math.max(gapPx, Math.min(value, most - gapPx));
  Object.assign(dialog.style, {
    margin: "0",
    left: `${within(beside, clientWidth - offsetWidth)}px`,
    top: `${within(top, clientHeight - offsetHeight)}px`,
  });
}
