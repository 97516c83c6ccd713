import type { FocusEvent, KeyboardEvent } from "react";
import { useOnDemand } from "../ui/on-demand";

const loadKeyList = () => import("./key-list");

let onKey: typeof import("./chat-keys").onKey | undefined;

/** Loads the script of the keys: at the first key, or when the feed gets the focus. After a failure the next key asks again. */
const wake = (): Promise<void> =>
  import("./chat-keys").then(
    (keys) => {
      onKey = keys.onKey;
    },
    () => {},
  );

/** The keys of a room or conversation as a whole, and the list of them. */
export function useChatKeys() {
  const { Part, show, hide } = useOnDemand(loadKeyList);
  return {
    events: {
      onKeyDown(event: KeyboardEvent<HTMLElement>): void {
        if (onKey) onKey(event, show);
        else void wake().then(() => onKey?.(event, show));
      },
      onFocusCapture({ target }: FocusEvent): void {
        if (!onKey && target.closest("[role=log]")) void wake();
      },
    },
    list: Part && <Part onClose={hide} />,
  };
}
