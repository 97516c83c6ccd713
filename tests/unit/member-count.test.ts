import type { IncomingMessage } from "node:http";
import pino from "pino";
import { answerMemberCount } from "../../server/gateway/member-count";
import { systemClock } from "../../server/lib/clock";
import { RateLimit } from "../../server/limits/rate-limit";
import { RoomCounts } from "../../server/rooms/counts";
import { expect, test } from "../support/plain-test";

const request = { method: "GET", headers: {}, socket: { remoteAddress: "127.0.0.1" } };

function open(look: () => Promise<undefined[]>) {
  const counts = new RoomCounts({
    broker: {
      rooms: { summaries: look },
      feed: { read: () => Promise.reject(new Error("no entries are read")) },
    },
    posts: new Map(),
    questions: new RateLimit(undefined),
    clock: systemClock,
  });
  const world = { counts, trustedProxyHops: 0, logger: pino({ level: "silent" }) };
  return (id: unknown) => answerMemberCount(request as unknown as IncomingMessage, id, world);
}

test("[H-1] an id of a wrong shape never reaches the store, and gets the answer of a missing room", async () => {
  let asked = 0;
  const answer = open(async () => {
    asked += 1;
    return [undefined];
  });
  const missing = await answer("nowhere");
  expect(missing).toMatchObject({ status: 404, body: { ok: false, error: { code: "room_not_found" } } });
  for (const id of ["", "Lobby", "a}{b", "*", "a".repeat(65), undefined, ["lobby"], "__proto__"])
    expect(await answer(id), String(id)).toEqual(missing);
  expect(asked).toBe(1);
});

test("[W-5] [H-1] an unexpected error is answered as internal, without its details", async () => {
  const answer = open(async () => {
    throw new TypeError("a secret");
  });
  const { status, body } = await answer("lobby");
  expect(status).toBe(500);
  expect(body).toMatchObject({ ok: false, error: { code: "internal", retryable: true } });
  expect(JSON.stringify(body)).not.toContain("secret");
});
