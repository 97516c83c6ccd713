import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../server/running-app";

/** How this replica is reached, for `npm run doctor`. */
export default function handler(request: NextApiRequest, response: NextApiResponse): void {
  response.setHeader("Cache-Control", "no-store");
  response.status(200).json(runningApp().describe(request));
}
