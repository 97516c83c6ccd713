import type { RoomId } from "../../protocol/events";
import type { ChatState } from "./chat-state";
import type { Connection } from "./connection";
import type { World } from "./world";

/** Whoever goes on typing says so again in time: 5 s after the last word the server takes it back (C-6b). */
export const repeatMs = 3_000;

export type TypingHost = { room: RoomId; state(): ChatState; ask: Connection["ask"] };

/** Tells the room whether one types: when that changes, now and then while it lasts, and never over a link that is cut. */
export function createTyping({ now }: World, { room, state, ask }: TypingHost) {
  /** When the room was last told that one types; `undefined` once it knows that one does not. */
  let toldAt: number | undefined;

  return (isTyping: boolean): void => {
    const isLive = state().link.is === "live";
    const isKnown = isTyping ? toldAt !== undefined && now() - toldAt < repeatMs : toldAt === undefined;
    if (isLive && !isKnown) void ask("typing:set", { room, typing: isTyping });
    if (!isLive || !isKnown) toldAt = isLive && isTyping ? now() : undefined;
  };
}
