import { useEffect, useRef } from "react";
import { useOnDemand } from "../ui/on-demand";
import { bringToolsIntoView, keepFocusOnMessage, onKey } from "./key-actions";

const loadKeyList = () => import("./key-list");

/** `first`: the event for which this was loaded, on which the browser has acted already. */
type Props = { first: KeyboardEvent | FocusEvent; room: HTMLElement };

/** The keys of a room or conversation as a whole, and the list of them. */
export default function ChatKeys({ first, room }: Props) {
  const { Part, show, hide } = useOnDemand(loadKeyList);
  const showList = useRef(show);
  showList.current = show;

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const pressed = (event: KeyboardEvent) => onKey(event, showList.current);
    room.addEventListener("keydown", pressed, { signal });
    room.addEventListener("mousedown", keepFocusOnMessage, { signal });
    room.addEventListener("focusin", bringToolsIntoView, { signal });
    if (first instanceof KeyboardEvent) pressed(first);
    else bringToolsIntoView(first);
    return () => listening.abort();
  }, [first, room]);

  return Part && <Part onClose={hide} />;
}
