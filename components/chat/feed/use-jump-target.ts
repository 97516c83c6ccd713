import { type MouseEvent, useEffect, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { roomPath } from "../room-address";
import type { JumpTarget } from "./jump-target";

const isSeq = (hash: string): boolean => /^#\d+$/.test(hash);
const targetOf = (hash: string): JumpTarget => ({ seq: Number(hash.slice(1)), at: "middle" });

/** Where the visitor wants to go: to a message that the address or a link names, or where `setTarget` says. */
export function useJumpTarget(room: RoomId) {
  const [target, setTarget] = useState<JumpTarget>();

  useEffect(() => {
    const follow = () => isSeq(location.hash) && setTarget(targetOf(location.hash));
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  return {
    target,
    /** The same function while the component is mounted. */
    setTarget: setTarget as (target?: JumpTarget) => void,
    /**
     * Cancels a jump that is still being read, and takes the message out of the address: a reload would lead back to it.
     */
    cancel(): void {
      target?.end?.();
      setTarget(undefined);
      if (isSeq(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    },
    /** A link to a message of this room leads there, instead of opening another tab. */
    followLink(event: MouseEvent<HTMLElement>): void {
      const link = (event.target as Element).closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const isHere = link.pathname === roomPath(room) || link.pathname === location.pathname;
      if (link.origin !== location.origin || !isHere || !isSeq(link.hash)) return;
      event.preventDefault();
      if (location.hash === link.hash) setTarget(targetOf(link.hash));
      else location.hash = link.hash;
    },
  };
}
