import type { Link } from "../chat/state/chat-state";

/** Nobody watches a skeleton for longer. */
const longMs = 15_000;

export type NoConversation = { why: "refuses" | "nobody" } | { why: "tooOften" | "newcomer"; waitMs: number };

/** Why there is no conversation to be shown; `undefined` while there may soon be one. */
export function noConversation(link: Link, now: number): NoConversation | undefined {
  if (link.is === "refused") return { why: link.error.code === "forbidden" ? "refuses" : "nobody" };
  if (link.is !== "waiting" || link.error?.code !== "rate_limited") return undefined;
  const waitMs = link.retryAt - now;
  const why = link.error.scope === "newcomer" ? "newcomer" : "tooOften";
  return waitMs > longMs ? { why, waitMs } : undefined;
}
