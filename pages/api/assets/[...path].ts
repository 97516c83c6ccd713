import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../../server/running-app";

/** Serves files of other builds: next.config.js routes here what this build does not have. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  const { path } = request.query;
  return runningApp().answerAsset(request, response, Array.isArray(path) ? path.join("/") : "");
}
