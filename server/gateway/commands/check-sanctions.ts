import type { ClientToServer, RoomId } from "../../../protocol/events";
import type { Participant } from "../../moderation/known-sanctions";
import type { Moderation } from "../../moderation/moderation";

type CommandName = keyof ClientToServer;

/** O-4: what others would see of a muted visitor. */
const silenced: ReadonlySet<CommandName> = new Set([
  "message:send",
  "name:change",
  "typing:set",
  "room:create",
  "room:rename",
]);

/** Throws ChatError("banned") and ChatError("muted"). A banned visitor may still leave a room. */
export function checkSanctions(
  moderation: Pick<Moderation, "checkBan" | "checkMute">,
  { visitor, network }: Participant,
  name: CommandName,
  room: RoomId | undefined,
): void {
  const subject = { visitor, network };
  if (name !== "room:leave") moderation.checkBan(subject, room);
  if (silenced.has(name)) moderation.checkMute(subject, room);
}
