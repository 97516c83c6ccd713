import { useEffect, useRef } from "react";
import { useOnDemand } from "../ui/on-demand";
import type { EarlyEvent } from "./early-event";
import { actLate, bringToolsIntoView, onKey } from "./key-actions";
import { KeysHint } from "./keys-hint";

const loadKeyList = () => import("./key-list");

/** The keys of a room or conversation as a whole, and the list of them. */
export default function ChatKeys({ event, room, scrollTop }: EarlyEvent) {
  const { Part, show, hide } = useOnDemand(loadKeyList);
  const showList = useRef(show);
  showList.current = show;

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const pressed = (later: KeyboardEvent) => onKey(later, showList.current);
    room.addEventListener("keydown", pressed, { signal });
    room.addEventListener("focusin", bringToolsIntoView, { signal });
    actLate({ event, room, scrollTop }, showList.current);
    return () => listening.abort();
  }, [event, room, scrollTop]);

  return (
    <>
      <KeysHint room={room} />
      {Part && <Part onClose={hide} />}
    </>
  );
}
