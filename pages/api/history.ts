import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../server/app";

/** How much a room keeps, and for how long, to be told to visitors (H-7). */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  const { limit, days } = getApp().config.history;
  response.setHeader("Cache-Control", "public, max-age=3600");
  response.status(200).json({ limit, days });
}
