import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type AssetPath, typeOf } from "../assets/assets";
import type { BuildAssets } from "../assets/build-assets";
import type { Logger } from "../lib/logger";
import { toHttpRefusal } from "./http-answer";

const decompress = promisify(gunzip);

export type AssetAnswerOptions = { assets: Pick<BuildAssets, "find">; logger: Logger };

/** Answers with a file of another build: `_next/static` and `_next/data`, which this build's own server does not have. */
export async function answerAsset(
  request: IncomingMessage,
  response: ServerResponse,
  path: AssetPath,
  { assets, logger }: AssetAnswerOptions,
): Promise<void> {
  try {
    const gzip = await assets.find(path);
    if (gzip === undefined) {
      response.writeHead(404, { "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8" });
      response.end("There is no such file.\n");
      return;
    }
    const isCompressed = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
    response.writeHead(200, {
      // The names of static files contain a hash of their content; page props belong to one build, and are small.
      "Cache-Control": path.startsWith("static/") ? "public, max-age=31536000, immutable" : "no-cache",
      "Content-Type": typeOf(path),
      Vary: "Accept-Encoding",
      ...(isCompressed && { "Content-Encoding": "gzip" }),
    });
    response.end(isCompressed ? gzip : await decompress(gzip));
  } catch (error) {
    const { status, headers } = toHttpRefusal(error, logger);
    response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
    response.end("The file cannot be fetched right now.\n");
  }
}
