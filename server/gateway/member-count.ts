import type { IncomingMessage } from "node:http";
import { roomIdPattern } from "../../protocol/limits";
import { ChatError } from "../errors";
import type { Logger } from "../lib/logger";
import { countKeptMs, type RoomCounts } from "../rooms/counts";
import { type HttpAnswer, toHttpRefusal } from "./http-answer";
import { networkOf } from "./network";

type MemberCountOptions = { counts: RoomCounts; trustedProxyHops: number; logger: Logger };

const methods = ["GET", "HEAD"];

/** H-1: `GET /api/rooms/ID`. An id of a wrong shape is an unknown room. */
export async function answerMemberCount(
  request: IncomingMessage,
  id: unknown,
  { counts, trustedProxyHops, logger }: MemberCountOptions,
): Promise<HttpAnswer> {
  if (!methods.includes(request.method ?? "")) {
    const refusal = toHttpRefusal(new ChatError("bad_request", "This can only be read."), logger);
    return { ...refusal, status: 405, headers: { ...refusal.headers, Allow: methods.join(", ") } };
  }
  try {
    if (typeof id !== "string" || !roomIdPattern.test(id)) throw new ChatError("room_not_found");
    const memberCount = await counts.memberCount(id, networkOf(request, trustedProxyHops));
    const messages = memberCount === 0 ? await counts.messageCount(id) : {};
    const maxAge = Math.floor(countKeptMs / 1_000);
    return {
      status: 200,
      headers: { "Cache-Control": `public, max-age=${maxAge}` },
      body: { memberCount, ...messages },
    };
  } catch (error) {
    return toHttpRefusal(error, logger);
  }
}
