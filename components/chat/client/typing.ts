import type { RoomId } from "../../../protocol/events";
import type { ChatState } from "../state/chat-state";
import type { Connection } from "./connection";
import type { Cancel, World } from "./world";

/** What is pasted and sent at once was not typed, and is not worth two words. */
export const firstMs = 250;
/** Whoever goes on typing says so again in time: 5 s after the last word the server takes it back (C-6b). */
export const repeatMs = 3_000;

export type TypingHost = { room: RoomId; state(): ChatState; ask: Connection["ask"] };

/** Tells the room whether one types: when that changes, now and then while it lasts, and never over a link that is cut. */
export function createTyping({ uptimeMs, after }: World, { room, state, ask }: TypingHost) {
  /** When the room was last told that one types; `undefined` once it knows that one does not. */
  let toldAt: number | undefined;
  let cancelFirst: Cancel | undefined;

  function tell(typing: boolean): void {
    const isLive = state().link.is === "live";
    toldAt = isLive && typing ? uptimeMs() : undefined;
    if (isLive) void ask("typing:set", { room, typing });
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
