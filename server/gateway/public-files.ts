import { readFileSync } from "node:fs";
import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { siteFolder } from "../../content/folder";
import { findPublicFile } from "../../content/public-files";

const types: Record<string, string> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".pdf": "application/pdf",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * For `next dev`, which serves no other folder than the program's `public/`. The build puts the owner's files there as well
 * (scripts/finish-build.mjs).
 */
export function servePublicFiles(server: HttpServer): void {
  const listeners = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const file = request.method === "GET" ? findPublicFile(siteFolder(), request.url ?? "") : undefined;
    if (file === undefined) {
      for (const listener of listeners) listener.call(server, request, response);
      return;
    }
    const type = types[path.extname(file).toLowerCase()] ?? "application/octet-stream";
    response
      .writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" })
      .end(readFileSync(/*turbopackIgnore: true*/ file));
  });
}
