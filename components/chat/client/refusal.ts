import type { Ack, ErrorCode } from "../../../protocol/events";

/** Why something was not done: the server's reason, or `unavailable` when it did not answer. */
export type Refusal = ErrorCode | undefined;

export async function refusalOf(answer: Promise<Ack | undefined>): Promise<Refusal> {
  const given = await answer;
  if (!given) return "unavailable";
  return given.ok ? undefined : given.error.code;
}
