import { fromBottom } from "./feed-view";

/** A visitor who has not scrolled up for this long has stopped pulling. */
const pullMs = 200;

/**
 * The view's last position, how far the visitor is pulling it up from the end just now, and the timer that ends the
 * pull.
 */
export type Pull = { top: number; px: number; timer?: ReturnType<typeof setTimeout> | undefined };

/** Measures how far the visitor scrolls up, so that arriving lines do not pull them back, nor count as scrolling. */
export function measured(
  { top, px, timer }: Pull,
  box: HTMLElement,
  isFollowing: boolean,
  letGo: () => void,
): Pull {
  const upPx = top - box.scrollTop;
  const isPulling = isFollowing && upPx > 0 && fromBottom(box) > 1;
  if (isPulling) clearTimeout(timer);
  return {
    top: box.scrollTop,
    px: isPulling || timer ? px + upPx : 0,
    timer: isPulling ? setTimeout(letGo, pullMs) : timer,
  };
}
