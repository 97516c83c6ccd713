import type { RoomId } from "../../protocol/events";
import { maxPreviewLength } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { RoomSummary } from "../broker/rooms";

/**
 * The beginning of a room's last message: "" when it was removed, or is no longer kept; undefined when there was none.
 * Throws as the broker does.
 */
export async function lastText(
  broker: Pick<Broker, "rooms" | "feed">,
  room: RoomId,
  known?: RoomSummary,
): Promise<string | undefined> {
  const [summary] = known ? [known] : await broker.rooms.summaries([room]);
  const seq = summary?.lastMessage?.seq;
  if (seq === undefined) return undefined;
  const { entries } = await broker.feed.read(room, { after: seq - 1, before: seq + 1, limit: 1 });
  const text = entries[0]?.kind === "message" ? entries[0].text : "";
  return [...text].slice(0, maxPreviewLength).join("");
}
