import pino from "pino";
import { ConnectedLog, lastsMs } from "../../server/redis/connected-log";
import { connectionFailed } from "../../server/redis/connection-advice";
import { FailureLog, toldAgainMs } from "../../server/redis/failure-log";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

function openLog() {
  const told: string[] = [];
  const logger = pino({ base: null }, { write: (line) => void told.push(JSON.parse(line).msg) });
  const clock = new FakeClock();
  return { told, clock, logger, log: new FailureLog(logger, clock) };
}

const refused = { client: "commands", err: "WRONGPASS invalid username-password pair" };
const gone = { client: "commands", err: "connect ECONNREFUSED 127.0.0.1:6379" };

test("a cause that lasts is told when it appears, and then once a minute, by whichever connection it is met", () => {
  const { told, clock, log } = openLog();
  for (let second = 0; second < 150; second += 1) {
    for (const client of ["commands", "subscriber"]) log.tell({ ...refused, client }, "refused");
    clock.advance(1_000);
  }
  expect(told).toEqual(["refused", "refused", "refused"]);
});

test("another cause is told at once, and the first one again when the store was there in between", () => {
  const { told, clock, log } = openLog();
  for (const failure of [refused, gone, refused, gone]) log.tell(failure, failure.err);
  expect(told).toEqual([refused.err, gone.err]);
  log.end();
  expect(log.hasTold).toBe(false);
  log.tell(gone, gone.err);
  expect(told).toEqual([refused.err, gone.err, gone.err]);
  clock.advance(toldAgainMs);
  log.tell(gone, gone.err);
  expect(told.length).toBe(4);
});

test("a cause whose words change each time does not fill the log", () => {
  const { told, log } = openLog();
  for (let time = 0; time < 1_000; time += 1) log.tell({ ...gone, err: `failed after ${time} ms` }, "away");
  expect(told.length).toBe(100);
});

test("a refused login, right or database names the setting to look at", () => {
  for (const [reason, setting] of [
    ["WRONGPASS invalid username-password pair or user is disabled.", "the password in REDIS_URL"],
    ["ERR invalid password", "the password in REDIS_URL"],
    ["NOAUTH Authentication required.", "write it into REDIS_URL"],
    ["NOPERM this user has no permissions to run the 'select' command", "ACL"],
    ["SELECT 99: ERR DB index is out of range", "REDIS_URL names a database that the store does not have"],
    ["SELECT 1: ERR SELECT is not allowed in cluster mode", "REDIS_URL names a database"],
    ["SELECT 99999999999: ERR value is not an integer or out of range", "REDIS_URL names a database"],
    ["SELECT 1: NOPERM this user has no permissions to run the 'select' command", "ACL"],
    ['Protocol error, got "H" as reply type byte', "no Redis"],
  ] as const)
    expect(connectionFailed(reason), reason).toContain(setting);
  for (const reason of ["connect ECONNREFUSED 127.0.0.1:1", "SELECT 3: Command timed out"])
    expect(connectionFailed(reason)).toBe("store connection failed");
});

test("of connections that are left again and again only the one that lasts is told", () => {
  const { told, clock, logger } = openLog();
  const connected = new ConnectedLog(logger, clock);
  const connect = () => {
    for (const client of ["commands", "subscriber"]) connected.ready(client);
  };
  connect();
  connected.left(true);
  connect();
  expect(told.length, "the first time").toBe(4);
  for (let second = 0; second < 20; second += 1) {
    connected.left(false);
    connect();
    clock.advance(1_000);
  }
  expect(told.length).toBe(4);
  clock.advance(lastsMs);
  expect(told.length, "the last connection lasts").toBe(6);
  connect();
  expect(told.length, "and later ones are told at once").toBe(8);
  connected.left(false);
  connect();
  connected.lost("commands");
  connected.close();
  clock.advance(lastsMs);
  expect(told.length, "none that is gone").toBe(8);
});
