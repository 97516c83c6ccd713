import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../server/app";

/** Prometheus text. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return getApp().answerMetrics(request, response);
}
