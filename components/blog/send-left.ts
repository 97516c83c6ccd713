import type { Locale, RoomId } from "../../protocol/events";
import { openBrowserChat } from "../chat/client/chat-client";
import { savedDrafts } from "../chat/client/saved-outbox";
import { localStore } from "../chat/client/storage";
import { partnerIn } from "../chat/room-address";
import { isUnsent } from "../chat/state/outgoing";
import { openBrowserDirect } from "../direct/direct-client";

/** Rooms that did not let this page in, because they are gone or closed to its visitor: a page that is loaded later asks again. */
const refused = new Set<RoomId>();

/** Sends what other pages have left, the way of every message: each room is entered and left again once all of it is sent. */
export function sendLeft(locale: Locale): void {
  const unsent = savedDrafts(localStore).filter(({ draft }) => isUnsent(draft));
  for (const room of new Set(unsent.map((saved) => saved.room))) {
    if (refused.has(room)) continue;
    const partner = partnerIn(room);
    const chat = partner ? openBrowserDirect(partner, locale).chat : openBrowserChat(room, locale);
    chat.subscribe(() => chat.getState().link.is === "refused" && refused.add(room));
    chat.deliver();
  }
}
