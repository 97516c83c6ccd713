import type { Link } from "../chat/state/chat-state";

/** A longer wait is announced in words; a shorter one shows a skeleton. */
const longMs = 15_000;

export type NoConversation =
  | { why: "refuses" | "noVisitor" }
  | { why: "tooOften" | "newcomer"; waitMs: number };

/** The reason why no conversation can be shown; `undefined` while one may still appear soon. */
export function noConversation(link: Link, now: number): NoConversation | undefined {
  if (link.is === "refused") return { why: link.error.code === "forbidden" ? "refuses" : "noVisitor" };
  if (link.is !== "waiting" || link.error?.code !== "rate_limited") return undefined;
  const waitMs = link.retryAt - now;
  const why = link.error.scope === "newcomer" ? "newcomer" : "tooOften";
  return waitMs > longMs ? { why, waitMs } : undefined;
}
