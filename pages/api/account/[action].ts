import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../../server/running-app";

/** The server reads the body itself, to answer its faults as in W-5. */
export const config = { api: { bodyParser: false } };

/** `POST /api/account/ACTION`: docs/protocol.md, H-2. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return runningApp().answerAccount(request, response, request.query.action);
}
