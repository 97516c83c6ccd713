import type { ChatState } from "./chat-state";

/** Why the room cannot be used: it is closed, or does not exist. `undefined` while it can be used, or may be soon. */
export type Ending = "missing" | "closed" | "banned" | undefined;

export function endingOf({ link, room }: Pick<ChatState, "link" | "room">): Ending {
  if (room?.closed) return "closed";
  if (link.is !== "refused") return undefined;
  if (link.error.code === "room_closed") return "closed";
  if (link.error.code === "banned") return "banned";
  return link.error.code === "room_not_found" ? "missing" : undefined;
}
