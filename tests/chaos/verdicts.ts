import { judgeFeeds } from "./feed-verdicts";
import type { Evidence } from "./log";
import { judgeMembers } from "./member-verdicts";
import { judgeMessages } from "./message-verdicts";
import { judgeModeration } from "./moderation-verdicts";
import { judgeNotices } from "./notice-verdicts";
import { judgePublications } from "./publication-verdicts";
import { judgeRules } from "./rule-verdicts";
import { type VerdictName, verdictNames } from "./verdict-names";

export type Verdict = { name: VerdictName; breaches: readonly string[] };

/** Judges every promise of docs/delivery.md by the logs of the visitors themselves. Pure. */
export function judge(evidence: Evidence, unrest: readonly string[]): Verdict[] {
  const feeds = judgeFeeds(evidence);
  const messages = judgeMessages(evidence);
  const { notices, strangers } = judgeNotices(evidence);
  const breaches: Record<keyof typeof verdictNames, readonly string[]> = {
    lost: messages.lost,
    unseen: feeds.shown,
    unsent: unrest,
    doubled: messages.doubled,
    repeated: feeds.repeats,
    phantom: [...messages.phantoms, ...strangers],
    receipt: messages.receipts,
    order: feeds.order,
    realTime: messages.realTime,
    sender: messages.senders,
    notices,
    members: judgeMembers(evidence),
    holes: feeds.holes,
    gaps: feeds.gaps,
    ...judgeModeration(evidence),
    published: judgePublications(evidence),
    untold: judgeRules(evidence),
  };
  return Object.entries(verdictNames).map(([key, name]) => ({
    name,
    breaches: breaches[key as keyof typeof verdictNames],
  }));
}
