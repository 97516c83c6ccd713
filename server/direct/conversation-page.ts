import type { VisitorId } from "../../protocol/events";
import { maxListedConversations, maxListedRequests } from "../../protocol/limits";
import type { Records, Scored } from "../records/records";
import { conversationsOf, isListed, requestsOf, versionOf } from "./conversation-lists";
import { blockedBy } from "./direct-settings";

/**
 * A conversation in a visitor's list, or among its requests. `lastEntryAt`: the time of the last message, or of the
 * room's creation when there is none.
 */
export type ListedConversation = {
  partner: VisitorId;
  lastEntryAt: number;
  isRequest: boolean;
  /** The partner has blocked the visitor whose list it is. */
  hasBlocked: boolean;
};

export type ConversationPage = { version: number; found: ListedConversation[] };

type Lists = [version: number, listed: Scored[], requested: Scored[]];

/** Reads the beginning of a visitor's lists, or with `partners` only what they have of these. */
export async function readPage(
  records: Records,
  visitor: VisitorId,
  { partners, keptMs }: { partners: readonly VisitorId[] | undefined; keptMs: number },
): Promise<ConversationPage> {
  // Sent together, so that all of it is one round trip.
  const kept = [conversationsOf(visitor), requestsOf(visitor)].map((list) =>
    records.write([list.keep(keptMs)]),
  );
  const [[version, listed, requested]] = await Promise.all([
    partners === undefined ? newest(records, visitor) : among(records, visitor, partners),
    ...kept,
  ]);
  const found = [
    ...listed.map(([partner, lastEntryAt]) => ({ partner, lastEntryAt, isRequest: false })),
    ...requested.map(([partner, lastEntryAt]) => ({ partner, lastEntryAt, isRequest: true })),
  ];
  const blocks = await records.read(...found.map(({ partner }) => blockedBy(partner).has(visitor)));
  return {
    version,
    found: found.map((each, index) => ({ ...each, hasBlocked: blocks[index]?.[0] ?? false })),
  };
}

const newest = (records: Records, visitor: VisitorId): Promise<Lists> =>
  records.read(
    versionOf(visitor).count(),
    conversationsOf(visitor).listed({ order: "highest", above: 0, most: maxListedConversations }),
    requestsOf(visitor).listed({ order: "highest", above: 0, most: maxListedRequests }),
  );

async function among(records: Records, visitor: VisitorId, partners: readonly VisitorId[]): Promise<Lists> {
  const [version, scores, requestScores] = await records.read(
    versionOf(visitor).count(),
    conversationsOf(visitor).scores(...partners),
    requestsOf(visitor).scores(...partners),
  );
  const listed = (times: readonly (number | undefined)[]) =>
    partners.map((partner, index): Scored => [partner, times[index] ?? 0]).filter(([, at]) => isListed(at));
  return [version, listed(scores), listed(requestScores)];
}
