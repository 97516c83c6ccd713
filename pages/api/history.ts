import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../server/running-app";

/** How much a room keeps, and for how long, to be told to visitors (H-7). */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  const { limit, days } = runningApp().config.history;
  response.setHeader("Cache-Control", "public, max-age=3600");
  response.status(200).json({ limit, days });
}
