import { judgeFeeds } from "./feed-verdicts";
import type { Evidence } from "./log";
import { judgeMessages } from "./message-verdicts";
import { judgeNotices } from "./notice-verdicts";

export type Verdict = { name: string; breaches: readonly string[] };

/** Every promise of docs/delivery.md, judged by what the visitors themselves saw. Pure. */
export function judge(evidence: Evidence, unrest: readonly string[]): Verdict[] {
  const feeds = judgeFeeds(evidence);
  const messages = judgeMessages(evidence);
  const { notices, strangers } = judgeNotices(evidence);
  return [
    { name: "lost: acknowledged, and not in history", breaches: messages.lost },
    { name: "lost: in history, and not on a page", breaches: feeds.shown },
    { name: "unsent when all was mended", breaches: unrest },
    { name: "doubled in history, unknown outcomes included", breaches: messages.doubled },
    { name: "doubled on the wire or a page", breaches: feeds.repeats },
    { name: "phantom", breaches: [...messages.phantoms, ...strangers] },
    { name: "acknowledged under another number", breaches: messages.receipts },
    { name: "out of order: not one contiguous order for all", breaches: feeds.order },
    { name: "out of order: against real time", breaches: messages.realTime },
    { name: "out of order: against the sender", breaches: messages.senders },
    { name: "notices that do not alternate or match who is there", breaches: notices },
    { name: "undeclared holes", breaches: feeds.holes },
    { name: "gaps declared without a cause", breaches: feeds.gaps },
  ];
}
