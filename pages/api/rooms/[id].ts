import type { NextApiRequest, NextApiResponse } from "next";
import { runningApp } from "../../../server/running-app";

/** Leaves a body unread: this route needs none. */
export const config = { api: { bodyParser: false } };

/** How many members a room has, for a page that shows "N here now" without joining (H-1). */
export default function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return runningApp().answerMemberCount(request, response, request.query.id);
}
