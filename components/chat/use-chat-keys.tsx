import { type SyntheticEvent, useRef, useState } from "react";
import { usePart } from "../ui/on-demand";
import type { EarlyEvent } from "./early-event";

const loadKeys = () => import("./chat-keys");

/** The keys of a room or conversation. Their script loads with the first key, or when the feed gets the focus. */
export function useChatKeys() {
  const early = useRef<EarlyEvent>(undefined);
  const [isWanted, setWanted] = useState(false);
  const Keys = usePart(loadKeys, isWanted);

  function wake({
    nativeEvent: event,
    currentTarget: room,
  }: SyntheticEvent<HTMLElement, KeyboardEvent | FocusEvent>): void {
    if (Keys) return;
    const isKey = event.type === "keydown";
    if (!isKey && (early.current || !(event.target as Element).closest("[role=log]"))) return;
    early.current = { event, room, scrollTop: room.querySelector("[role=log]")?.scrollTop ?? 0 };
    setWanted(true);
  }

  return {
    events: { onKeyDown: wake, onFocusCapture: wake },
    keys: Keys && early.current && <Keys {...early.current} />,
  };
}
