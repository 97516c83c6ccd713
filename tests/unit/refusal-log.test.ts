import { RefusalLog } from "../../server/gateway/refusal-log";
import type { Logger } from "../../server/lib/logger";
import type { Network } from "../../server/lib/network";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const network = "192.0.2.1" as Network;
const range = "2001:db8:1:2" as Network;

function opened({ areAddressesLogged = false, secret = "a secret" } = {}) {
  const clock = new FakeClock();
  const lines: Record<string, unknown>[] = [];
  const logger = { warn: (line: Record<string, unknown>) => lines.push(line) } as unknown as Logger;
  const log = new RefusalLog({ logger, clock, secret: Buffer.from(secret), areAddressesLogged });
  return { clock, lines, log };
}

test("the log line of a refusal distinguishes networks without naming an address", () => {
  const { log, lines } = opened();
  log.add("flood", network);
  log.add("flood", range);
  log.add("handshake", network);
  expect(lines).toMatchObject([
    { refusal: "flood", network: expect.stringMatching(/^[\w-]{16}$/), count: 1 },
    { refusal: "flood", count: 1 },
    { refusal: "handshake", network: lines[0]?.network },
  ]);
  expect(lines[1]?.network).not.toBe(lines[0]?.network);
  expect(JSON.stringify(lines)).not.toMatch(/192\.0|2001:db8|address/);
});

test("the digest is the same on every replica, and needs the secret", () => {
  const digest = (secret: string) => {
    const { log, lines } = opened({ secret });
    log.add("flood", network);
    return lines[0]?.network;
  };
  expect(digest("one")).toBe(digest("one"));
  expect(digest("one")).not.toBe(digest("two"));
});

test("[settings] with LOG_ADDRESSES=true the line has the address, in the form that firewalls accept", () => {
  const { log, lines } = opened({ areAddressesLogged: true });
  log.add("flood", network);
  log.add("flood", range);
  expect(lines).toMatchObject([{ address: "192.0.2.1" }, { address: "2001:db8:1:2::/64" }]);
});

test("a flood of refusals makes one log line, and one more with their number ten seconds later", () => {
  const { log, lines, clock } = opened();
  for (let refusal = 0; refusal < 1_000; refusal += 1) log.add("flood", network);
  expect(lines).toMatchObject([{ count: 1 }]);
  clock.advance(10_000);
  expect(lines).toMatchObject([{ count: 1 }, { refusal: "flood", count: 999 }]);
  expect(lines[1]?.network).toBe(lines[0]?.network);
  clock.advance(60_000);
  expect(lines).toHaveLength(2);
  log.add("flood", network);
  log.add("flood", network);
  expect(lines).toHaveLength(3);
  log.close();
  expect(lines).toHaveLength(4);
});

test("refusals of a thousand networks make thirty log lines, and one with the number of the others", () => {
  const { log, lines, clock } = opened();
  for (let one = 0; one < 1_000; one += 1) log.add("flood", `10.0.${one >> 8}.${one & 255}` as Network);
  expect(lines).toHaveLength(30);
  clock.advance(10_000);
  expect(lines).toHaveLength(31);
  expect(lines[30]).toEqual({ refusal: "flood", count: 970 });
});
