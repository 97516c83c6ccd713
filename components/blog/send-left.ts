import type { Locale, RoomId } from "../../protocol/events";
import { openBrowserChat } from "../chat/client/chat-client";
import { savedDrafts } from "../chat/client/saved-outbox";
import { localStore } from "../chat/client/storage";
import { partnerIn } from "../chat/room-address";
import { isUnsent } from "../chat/state/outgoing";
import { openBrowserDirect } from "../direct/direct-client";

/**
 * Rooms that refused this page because they are gone or closed to its visitor. Only another page load tries them again.
 */
const refused = new Set<RoomId>();

/** Sends the drafts that other pages left unsent: enters each room, and ends the connection once all of them are sent. */
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
