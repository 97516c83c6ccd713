import type { VisitorId } from "../../protocol/events";
import { maxListedConversations, maxListedRequests } from "../../protocol/limits";
import type { ConversationView } from "./conversation-view";

/** A visitor's conversations as they were read, by partner. */
export type KnownViews = ReadonlyMap<VisitorId, ConversationView>;

/** A quarter more than a list has. */
export const mostKnown = maxListedConversations + maxListedRequests;

/** Of a visitor without conversations, as most are. */
export const noViews: KnownViews = new Map();

export const byPartner = (views: readonly ConversationView[]): KnownViews =>
  new Map(views.map((view) => [view.conversation.partner.id, view]));

/** The last active first, and no more than the store lists: readings of single conversations put them at the end. */
export function listOf(known: KnownViews): readonly ConversationView[] {
  const newest = [...known.values()].sort(
    (one, other) => other.conversation.lastEntryAt - one.conversation.lastEntryAt,
  );
  const isRequest = ({ conversation }: ConversationView) => conversation.request === "received";
  const begun = newest.filter((view) => !isRequest(view));
  return [...begun.slice(0, maxListedConversations), ...newest.filter(isRequest).slice(0, maxListedRequests)];
}
