import { type SyntheticEvent, useState } from "react";
import { usePart } from "../ui/on-demand";

const loadKeys = () => import("./chat-keys");

/** The keys of a room or conversation. Their script loads with the first key, or when the feed gets the focus. */
export function useChatKeys() {
  const [first, setFirst] = useState<{ first: KeyboardEvent | FocusEvent; room: HTMLElement }>();
  const Keys = usePart(loadKeys, first !== undefined);

  function wake({
    nativeEvent,
    currentTarget,
  }: SyntheticEvent<HTMLElement, KeyboardEvent | FocusEvent>): void {
    const { type, target } = nativeEvent;
    if (!first && (type === "keydown" || (target as Element).closest("[role=log]")))
      setFirst({ first: nativeEvent, room: currentTarget });
  }

  return { events: { onKeyDown: wake, onFocusCapture: wake }, keys: Keys && first && <Keys {...first} /> };
}
