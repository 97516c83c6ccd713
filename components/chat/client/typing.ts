import type { Cancel, Environment } from "./environment";
import type { RoomContext } from "./room-context";

/** Text that is pasted and sent within this time is not announced: that would cost two commands. */
export const firstMs = 250;
/** A visitor who goes on typing repeats `typing:set` in time: the server clears it 5 s after the last one (C-6b). */
export const repeatMs = 3_000;

/**
 * Tells the room whether the visitor types: on each change, again every `repeatMs` while typing, only over a live link, and
 * only while another visitor is there.
 */
export function createTyping({ uptimeMs, after }: Environment, { room, state, ask }: RoomContext) {
  /** When the room was last told that the visitor types; `undefined` if it does not show that. */
  let toldAt: number | undefined;
  let cancelFirst: Cancel | undefined;

  function tell(typing: boolean): void {
    const { link, presence } = state();
    const isTold = link.is === "live" && (!typing || presence.count > 1);
    toldAt = isTold && typing ? uptimeMs() : undefined;
    if (isTold) void ask("typing:set", { room, typing });
  }

  function begin(): void {
    cancelFirst = undefined;
    tell(true);
  }

  return (isTyping: boolean): void => {
    if (!isTyping) {
      cancelFirst?.();
      cancelFirst = undefined;
      if (toldAt !== undefined) tell(false);
    } else if (toldAt === undefined) cancelFirst ??= after(firstMs, begin);
    else if (uptimeMs() - toldAt >= repeatMs) tell(true);
  };
}
