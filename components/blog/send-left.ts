import type { Locale } from "../../protocol/events";
import { openBrowserChat } from "../chat/client/chat-client";
import { savedDrafts } from "../chat/client/saved-outbox";
import { localStore } from "../chat/client/storage";
import { partnerIn } from "../chat/room-address";
import { isUnsent } from "../chat/state/outgoing";
import { openBrowserDirect } from "../direct/direct-client";

/** Sends what other pages have left, the way of every message: each room is entered and left again once all of it is sent. */
export function sendLeft(locale: Locale): void {
  const unsent = savedDrafts(localStore).filter(({ draft }) => isUnsent(draft));
  for (const room of new Set(unsent.map((saved) => saved.room))) {
    const partner = partnerIn(room);
    const chat = partner ? openBrowserDirect(partner, locale).chat : openBrowserChat(room, locale);
    chat.deliver();
  }
}
