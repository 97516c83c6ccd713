import { useReducer, useRef } from "react";
import { fromBottom } from "./feed-view";

/** A visitor who has not scrolled up for this long has stopped pulling. */
const pullMs = 200;

/**
 * The view's last position, how far the visitor is pulling it up from the end just now, and the timer that ends the
 * pull.
 */
type Pull = { top: number; px: number; timer?: ReturnType<typeof setTimeout> | undefined };

/** Measures how far the visitor scrolls up, so that arriving lines do not pull them back, nor count as scrolling. */
export function usePull() {
  const pull = useRef<Pull>({ top: 0, px: 0 });
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);

  function letGo(): void {
    clearTimeout(pull.current.timer);
    pull.current = { top: pull.current.top, px: 0 };
    drawAgain();
  }

  return {
    letGo,
    isPulling: () => pull.current.timer !== undefined,
    px: () => pull.current.px,
    /** The view has been moved, but not by the visitor. */
    moved({ scrollTop }: HTMLElement): void {
      pull.current.top = scrollTop;
    },
    /** The view has been scrolled. */
    measure(box: HTMLElement, isFollowing: boolean): void {
      const { top, px, timer } = pull.current;
      const upPx = top - box.scrollTop;
      const isPulling = isFollowing && upPx > 0 && fromBottom(box) > 1;
      if (isPulling) clearTimeout(timer);
      pull.current = {
        top: box.scrollTop,
        px: isPulling || timer ? px + upPx : 0,
        timer: isPulling ? setTimeout(letGo, pullMs) : timer,
      };
    },
  };
}
