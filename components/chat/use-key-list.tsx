import type { KeyboardEvent } from "react";
import { useOnDemand } from "../ui/on-demand";
import { passRows } from "./feed/feed-keys";

const loadKeyList = () => import("./key-list");

/** The keys of a room or conversation as a whole: Tab passes the feed's rows, and ? lists all keys. */
export function useKeyList() {
  const { Part, show, hide } = useOnDemand(loadKeyList);
  return {
    onKeyDown(event: KeyboardEvent<HTMLElement>): void {
      if (event.key === "Tab") passRows(event);
      const { target } = event;
      // In a field it is a character like any other.
      if (event.key !== "?" || !(target instanceof HTMLElement) || target.matches("textarea, input")) return;
      event.preventDefault();
      show({ currentTarget: target });
    },
    list: Part && <Part onClose={hide} />,
  };
}
