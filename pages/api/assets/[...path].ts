import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../../server/app";

/** Files of other builds: next.config.js sends here what this build does not have. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  const { path } = request.query;
  return getApp().answerAsset(request, response, Array.isArray(path) ? path.join("/") : "");
}
