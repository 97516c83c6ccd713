import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../server/app";

/** Whether a load balancer may send visitors here: attached and not draining, whatever the store does. */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  const status = getApp().status();
  const isAccepting = status === "ready" || status === "degraded";
  response.setHeader("Cache-Control", "no-store");
  response.status(isAccepting ? 200 : 503).json({ status });
}
