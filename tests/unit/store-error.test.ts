import { isReadOnly, toChatError } from "../../server/redis/store-error";
import { expect, test } from "../support/plain-test";

/** Redis's errors: to a command, and from inside a script. */
const inScript = (message: string) => `${message} script: 1d0b8a2f, on @user_script:12.`;

for (const [code, messages] of Object.entries({
  unavailable: [
    "READONLY You can't write against a read only replica.",
    "LOADING Redis is loading the dataset in memory",
    "MISCONF Errors writing to the AOF file: No space left on device",
    "NOREPLICAS Not enough good replicas to write.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "BUSY Redis is busy running a script.",
    "CLUSTERDOWN The cluster is down",
    "TRYAGAIN Multiple keys request during rehashing of slot",
  ],
  storage_full: ["OOM command not allowed when used memory > 'maxmemory'."],
  internal: ["WRONGTYPE Operation against a key holding the wrong kind of value"],
}))
  for (const message of messages)
    test(`[W-6] "${message}" is answered as ${code}, even from inside a script`, () => {
      expect(toChatError(new Error(message)).code).toBe(code);
      expect(toChatError(new Error(inScript(message))).code).toBe(code);
    });

test("[W-6a] a full store says when to try again", () => {
  expect(toChatError(new Error("OOM command not allowed")).toWire()).toMatchObject({
    code: "storage_full",
    retryable: true,
    retryAfterMs: 10_000,
  });
});

test("[W-6] a fault of a script itself is internal, a time-out or a cut link is unavailable", () => {
  expect(toChatError(new Error(inScript("ERR attempt to index a nil value"))).code).toBe("internal");
  expect(toChatError(new Error("NOPERM this user has no permissions to run 'time'")).code).toBe("internal");
  expect(toChatError(new Error("Command timed out")).code).toBe("unavailable");
  expect(toChatError(new Error("Connection is closed.")).code).toBe("unavailable");
});

test("only a read-only store makes the replica connect anew", () => {
  expect(isReadOnly(new Error(inScript("READONLY You can't write against a read only replica.")))).toBe(true);
  expect(isReadOnly(new Error("LOADING Redis is loading the dataset in memory"))).toBe(false);
});
