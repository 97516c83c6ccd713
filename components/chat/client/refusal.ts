import type { Ack, ErrorCode } from "../../../protocol/events";

/** Why a command was not carried out: the server's reason, or `unavailable` when it did not answer. */
export type Refusal = ErrorCode | undefined;

export async function refusalOf(answer: Promise<Ack | undefined>): Promise<Refusal> {
  const given = await answer;
  if (!given) return "unavailable";
  return given.ok ? undefined : given.error.code;
}
