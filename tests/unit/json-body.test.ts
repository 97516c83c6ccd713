import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { readJson } from "../../server/gateway/json-body";
import type { Clock } from "../../server/lib/clock";
import { expect, test } from "../support/plain-test";

const json = { "content-type": "application/json" };
const badRequest = expect.objectContaining({ code: "bad_request" });
const tooLarge = expect.objectContaining({ code: "too_large" });

/** A request whose body the test sends, and a clock whose time-outs the test triggers. */
function makeRequest(headers: Record<string, string> = json) {
  const timeouts = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    every: () => () => undefined,
    after(_delayMs, run) {
      timeouts.add(run);
      return () => timeouts.delete(run);
    },
  };
  const request = Object.assign(new PassThrough(), { headers });
  const body = readJson(request as unknown as IncomingMessage, clock);
  return { request, body, timeouts };
}

test("[H-2] a body is read whole, however it is cut, and leaves no timer behind", async () => {
  const { request, body, timeouts } = makeRequest();
  for (const byte of Buffer.from('{"handle":"홍길동"}')) request.write(Buffer.from([byte]));
  request.end();
  expect(await body).toEqual({ handle: "홍길동" });
  expect(timeouts.size).toBe(0);
});

test("[H-2] a missing body counts as an empty object", async () => {
  const { request, body } = makeRequest({ "content-type": 'application/json; charset="UTF-8"' });
  request.end();
  expect(await body).toEqual({});
});

test("[H-2] a body that is not JSON, or not declared so, is a bad request", async () => {
  for (const text of ["{", "{}}", "\ufeff", "undefined"]) {
    const { request, body } = makeRequest();
    request.end(text);
    await expect(body, text).rejects.toEqual(badRequest);
  }
  const { request, body } = makeRequest();
  request.end(Buffer.from([0x22, 0xff, 0x22]));
  await expect(body, "not UTF-8").rejects.toEqual(badRequest);
  const types = [{}, { "content-type": "text/plain" }, { "content-type": "text/plain; application/json" }];
  for (const headers of [...types, { ...json, "content-encoding": "gzip" }])
    await expect(makeRequest(headers).body, JSON.stringify(headers)).rejects.toEqual(badRequest);
});

test("[H-2] more than 8 KiB is refused before the rest is read", async () => {
  const { request, body, timeouts } = makeRequest();
  request.write(Buffer.alloc(8 * 1024, " "));
  request.write(" ");
  await expect(body).rejects.toEqual(tooLarge);
  expect([timeouts.size, request.listenerCount("data")]).toEqual([0, 0]);
});

test("[H-2] a body that does not end in time, or whose sender leaves, is given up", async () => {
  const slow = makeRequest();
  slow.request.write("{");
  for (const run of slow.timeouts) run();
  await expect(slow.body).rejects.toEqual(badRequest);
  expect(slow.request.destroyed).toBe(true);

  const gone = makeRequest();
  gone.request.write("{");
  gone.request.destroy(new Error("aborted"));
  await expect(gone.body).rejects.toEqual(badRequest);
});
