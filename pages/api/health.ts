import type { NextApiRequest, NextApiResponse } from "next";

/** Liveness: that this answers at all is the answer. */
export default function handler(_request: NextApiRequest, response: NextApiResponse): void {
  response.setHeader("Cache-Control", "no-store");
  response.status(200).json({ status: "alive" });
}
