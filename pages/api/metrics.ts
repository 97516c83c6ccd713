import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../server/running-app";

/** Prometheus text. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return runningApp().answerMetrics(request, response);
}
