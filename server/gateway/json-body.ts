import type { IncomingMessage } from "node:http";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";

/** Ample for a password of 1 KiB with every letter escaped; no other request is as long. */
const maxBodyBytes = 8 * 1024;
/** Far longer than 8 KiB take on any working link; it bounds how long a trickling request holds memory. */
const bodyTimeoutMs = 10_000;

/**
 * Reads a JSON body. The content type must say so: a page of another site cannot send that type without a preflight.
 * Throws ChatError("bad_request") or ChatError("too_large"); a request that is too slow is cut off.
 */
export async function readJson(request: IncomingMessage, clock: Clock): Promise<unknown> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) || encoding !== "identity")
    throw new ChatError("bad_request", "The request is not application/json.");
  const body = await readBody(request, clock);
  try {
    return body.length === 0 ? {} : JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ChatError("bad_request", "The request is not valid JSON.");
  }
}

function readBody(request: IncomingMessage, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = clock.after(bodyTimeoutMs, () => request.destroy());
    const finish = (end: () => void) => {
      stop();
      // The HTTP server discards the rest of the body after the answer.
      request.removeAllListeners("data");
      end();
    };
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) finish(() => reject(new ChatError("too_large", "The request is too long.")));
      else chunks.push(chunk);
    });
    request.once("end", () => finish(() => resolve(Buffer.concat(chunks))));
    for (const event of ["error", "close"])
      request.once(event, () => finish(() => reject(new ChatError("bad_request"))));
  });
}
