import type { ChatState } from "./chat-state";

/** Why nobody can talk here any more, or ever could; `undefined` while one can, or may soon. */
export type Ending = "missing" | "closed" | undefined;

export function endingOf({ link, room }: Pick<ChatState, "link" | "room">): Ending {
  if (room?.closed) return "closed";
  if (link.is !== "refused") return undefined;
  if (link.error.code === "room_closed") return "closed";
  return link.error.code === "room_not_found" ? "missing" : undefined;
}
