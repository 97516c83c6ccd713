import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Entry } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Logger } from "../lib/logger";
import { entriesFor } from "../moderation/entry-view";
import type { Export } from "../moderation/exports";
import type { Moderation } from "../moderation/moderation";
import { exportPage, exportPageEnd, exportRow } from "./export-page";
import { sendAnswer, toHttpRefusal } from "./http-answer";

type ExportAnswerOptions = { broker: Pick<Broker, "feed" | "rooms">; moderation: Moderation; logger: Logger };
type Exchange = { request: IncomingMessage; response: ServerResponse };

/** How much of the room is in memory at once. */
const page = { limit: 500, maxBytes: 512 * 1024 };
const shape = /^[\w-]{32}$/;

/** O-10: a room's history as JSON lines, or with `?as=html` as a page to read. The link is good once. */
export async function answerExport(
  { request, response }: Exchange,
  token: unknown,
  { broker, moderation, logger }: ExportAnswerOptions,
): Promise<void> {
  try {
    // A HEAD request must not use up the link.
    if (request.method !== "GET") throw new ChatError("bad_request", "This can only be read.");
    if (typeof token !== "string" || !shape.test(token)) throw new ChatError("expired");
    const asked = await moderation.exports.take(token);
    const first = await broker.feed.read(asked.room, { ...page, after: 0 });
    const isPage = new URL(request.url ?? "", "http://host").searchParams.get("as") === "html";
    const [summary] = await broker.rooms.summaries([asked.room]);
    response.writeHead(200, isPage ? pageHeaders : { ...lineHeaders, ...fileOf(asked) });
    if (isPage) response.write(exportPage(summary?.title ?? asked.room));
    for (let read = first; read.entries.length > 0 && !response.destroyed; ) {
      const entries = entriesFor(
        read.entries,
        { visitor: asked.by, isStaff: asked.isStaff },
        moderation.publications.in(asked.room),
      );
      await write(response, entries.map(isPage ? exportRow : lineOf).join(""));
      read = await broker.feed.read(asked.room, { ...page, after: read.entries.at(-1)?.seq ?? read.head });
    }
    response.end(isPage ? exportPageEnd : "");
  } catch (error) {
    // An answer that has begun cannot be refused: a cut shows that it is not whole.
    if (response.headersSent) response.destroy();
    else sendAnswer(response, toHttpRefusal(error, logger));
  }
}

const kept = { "Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer" };
const lineHeaders = { ...kept, "Content-Type": "application/x-ndjson; charset=utf-8" };
const pageHeaders = { ...kept, "Content-Type": "text/html; charset=utf-8" };
const fileOf = ({ room }: Export) => ({ "Content-Disposition": `attachment; filename="${room}.jsonl"` });

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

async function write(response: ServerResponse, text: string): Promise<void> {
  if (!response.write(text)) await Promise.race([once(response, "drain"), once(response, "close")]);
}
