import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../../server/app";

/** A body, should there be one, is nobody's business. */
export const config = { api: { bodyParser: false } };

/** How many are in a room, for a page that shows "N here now" without joining (H-1). */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return getApp().answerMemberCount(request, response, request.query.id);
}
