/**
 * The last key before the keys' script arrived, or else the focus in the feed for which it loads. The browser has acted on
 * it already.
 */
export type EarlyEvent = {
  event: KeyboardEvent | FocusEvent;
  room: HTMLElement;
  /** How far the feed was scrolled before the browser acted. */
  scrollTop: number;
};
