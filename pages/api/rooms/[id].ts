import type { NextApiRequest, NextApiResponse } from "next";
import { getApp } from "../../../server/app";

/** A body, should there be one, is nobody's business. */
export const config = { api: { bodyParser: false } };

/** How many are in a room, for a page that shows "N here now" without joining (H-1). */
export default async function handler(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  const { status, headers, body } = await getApp().countMembers(request, request.query.id);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.status(status).json(body);
}
