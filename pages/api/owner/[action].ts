import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../../server/running-app";

/** The server reads the body itself, to answer its faults as in W-5. */
export const config = { api: { bodyParser: false } };

/** `POST /api/owner/ACTION`: docs/protocol.md, O-9. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return runningApp().answerOwner(request, response, request.query.action);
}
