import type { Room, RoomId, VisitorId } from "../../../protocol/events";
import type { SavedCrowd } from "./crowd-notices";
import type { SavedFeed } from "./saved-feed";
import type { SavedUnread } from "./unread-numbers";

/**
 * `askedBy`: requests the conversation until the partner comes. `sharedRoom`: a public room that both have visited, or
 * "".
 */
export type ConversationOrigin = { askedBy: VisitorId | undefined; sharedRoom: RoomId | "" };

/** The row of a room; its entries, members and names have rows of their own. */
export type RoomRow = {
  fields: Room;
  origin: ConversationOrigin;
  feed: SavedFeed;
  crowd?: SavedCrowd;
  unread: SavedUnread;
};
