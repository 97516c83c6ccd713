import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../../server/app";

/** The server reads the body itself, to answer its faults as in W-5. */
export const config = { api: { bodyParser: false } };

/** `POST /api/account/ACTION`: docs/protocol.md, H-2. */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return getApp().answerAccount(request, response, request.query.action);
}
