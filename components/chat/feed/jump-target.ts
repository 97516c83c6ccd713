import { type MouseEvent, useEffect, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { roomPath } from "../room-address";

/** A message to show in the middle of the view, or the divider above it, to show at the top. */
export type Aim = { seq: number; at: "middle" | "divider" };

/** Where the visitor wants to go; `end` is called when they are there, or cannot get there. */
export type JumpTarget = Aim & { end?: () => void };

/** The message that an address names. */
const targetIn = (hash: string): JumpTarget | undefined =>
  /^#\d+$/.test(hash) ? { seq: Number(hash.slice(1)), at: "middle" } : undefined;

/** Where the visitor wants to go: at first, and when the address changes, to the message that the address names. */
export function useJumpTarget() {
  const [target, setTarget] = useState<JumpTarget>();
  useEffect(() => {
    const follow = () => {
      const named = targetIn(location.hash);
      if (named) setTarget(named);
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return [target, setTarget] as const;
}

/** Takes the message out of the address: a reload would lead back to it. */
export function forgetTarget(): void {
  if (targetIn(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
}

/** A link to a message of this room leads there, instead of opening another tab. */
export function followLink(
  event: MouseEvent<HTMLElement>,
  room: RoomId,
  jump: (to: JumpTarget) => void,
): void {
  const link = (event.target as Element).closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isHere = link.pathname === roomPath(room) || link.pathname === location.pathname;
  const target = targetIn(link.hash);
  if (link.origin !== location.origin || !isHere || !target) return;
  event.preventDefault();
  if (location.hash === link.hash) jump(target);
  else location.hash = link.hash;
}
