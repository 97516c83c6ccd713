import type { Conversation, VisitorId } from "../../protocol/events";
import { forgottenName } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { Attendance } from "../directory/attendance";
import type { ConversationIndex } from "../directory/conversation-index";
import { roomOf } from "./conversations";
import { directRoomOf } from "./direct-rooms";

type World = { broker: Broker; index: ConversationIndex; attendance: Attendance };

/** `isHere`: whether the partner is, also when it is not shown to a visitor whom it has blocked. */
export type Seen = { conversation: Conversation; isHere: boolean };
export type View = { version: string; seen: Seen[] };

/** A visitor's conversations as they stand, the last active first; or of these partners those there are. Throws ChatError. */
export async function viewOf(
  { broker, index, attendance }: World,
  visitor: VisitorId,
  partners?: readonly VisitorId[],
): Promise<View> {
  const { version, found } = await index.list(visitor, partners);
  const rooms = found.map(({ partner }) => directRoomOf(visitor, partner));
  const [looks, unread, here] = await Promise.all([
    broker.look(rooms),
    broker.unread(rooms, visitor),
    attendance.areHere(found.map(({ partner }) => partner)),
  ]);
  const seen = found.flatMap((each, place): Seen[] => {
    const { partner: id, name = forgottenName, lastEntryAt, hasBlocked } = each;
    const [look, isHere = false] = [looks[place], here[place]];
    if (look === undefined) {
      // Nobody waits for it: what was found wrong now will be found again.
      index.ended(visitor, each).catch(() => undefined);
      return [];
    }
    const partner = { id, name, online: isHere && !hasBlocked };
    return [
      { isHere, conversation: { room: roomOf(look), partner, lastEntryAt, unread: unread[place] ?? 0 } },
    ];
  });
  return { version, seen };
}
