import { maxPreviewLength } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { RoomSummary } from "../broker/rooms";

/**
 * The beginning of a room's last message: "" when it was removed, or is no longer kept; undefined when there was none.
 * Throws as the broker does.
 */
export async function lastText(
  broker: Pick<Broker, "feed">,
  { id, lastMessage }: Pick<RoomSummary, "id" | "lastMessage">,
): Promise<string | undefined> {
  if (lastMessage === undefined) return undefined;
  const { seq } = lastMessage;
  const { entries } = await broker.feed.read(id, { after: seq - 1, before: seq + 1, limit: 1 });
  const text = entries[0]?.kind === "message" ? entries[0].text : "";
  return [...text].slice(0, maxPreviewLength).join("");
}
