import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../server/running-app";

/** Whether a load balancer may send visitors here: attached and not draining, whether or not the store is reachable. */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  const app = runningApp();
  response.setHeader("Cache-Control", "no-store");
  response.status(app.isAccepting() ? 200 : 503).json({ status: app.status() });
}
