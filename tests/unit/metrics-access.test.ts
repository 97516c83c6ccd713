import type { IncomingMessage } from "node:http";
import { mayReadMetrics } from "../../server/gateway/metrics-access";
import { expect, test } from "../support/plain-test";

const token = "a-token-of-the-operator";
const may = (
  remoteAddress: string,
  headers: Record<string, string> = {},
  secret: string | undefined = token,
) =>
  mayReadMetrics(
    {
      headers,
      rawHeaders: Object.entries(headers).flat(),
      socket: { remoteAddress },
    } as unknown as IncomingMessage,
    secret,
  );

test("this machine gets the metrics if it asks without a proxy", () => {
  for (const address of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
    expect(may(address), address).toBe(true);
  for (const address of ["10.0.0.1", "192.0.2.127", "::2", "1270.0.0.1", "::ffff:10.127.0.1", ""])
    expect(may(address), address).toBe(false);
  for (const header of ["X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP"])
    expect(may("127.0.0.1", { [header]: "127.0.0.1" }), header).toBe(false);
});

test("[settings] other machines get the metrics only with the exact METRICS_TOKEN", () => {
  const says = (authorization: string, secret?: string) => may("10.0.0.1", { authorization }, secret);
  expect(says(`Bearer ${token}`)).toBe(true);
  expect(says(`bearer  ${token}`)).toBe(true);
  for (const wrong of ["", token, `Basic ${token}`, `Bearer ${token}x`, "Bearer ", "Bearer undefined"])
    expect(says(wrong), wrong).toBe(false);
  expect(
    mayReadMetrics(
      {
        headers: { authorization: "Bearer undefined" },
        rawHeaders: [],
        socket: {},
      } as unknown as IncomingMessage,
      undefined,
    ),
    "without the setting there is no valid token",
  ).toBe(false);
});
