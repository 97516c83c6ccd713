import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../server/app";

/** Prometheus text. Keep it off the public ingress. */
export default async function handler(_request: NextApiRequest, response: NextApiResponse): Promise<void> {
  response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.status(200).send(await getApp().metrics.text());
}
