import type { Server as HttpServer } from "node:http";
import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../server/running-app";

/** Attaches the chat to this process' HTTP server, and says whether this replica is ready for visitors (W-2). */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  const app = runningApp();
  // Next passes the HTTP server in a field that its types do not declare.
  const { server } = response.socket as unknown as { server: HttpServer };
  app.attach(server);
  const status = app.status();
  response.setHeader("Cache-Control", "no-store");
  response.status(status === "ready" ? 200 : 503).json({ status });
}
