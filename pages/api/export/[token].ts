import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../../server/running-app";

/** An export has no end that Next should expect. */
export const config = { api: { bodyParser: false, responseLimit: false, externalResolver: true } };

/** `GET /api/export/TOKEN`: docs/protocol.md, O-10. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return runningApp().answerExport(request, response, request.query.token);
}
