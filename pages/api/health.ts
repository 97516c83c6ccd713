import type { NextApiRequest, NextApiResponse } from "next";

/** Liveness: any answer means alive. */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  response.setHeader("Cache-Control", "no-store");
  response.status(200).json({ status: "alive" });
}
