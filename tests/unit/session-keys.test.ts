import { writeFile } from "node:fs/promises";
import path from "node:path";
import pino from "pino";
import { readConfig, toKey } from "../../server/config";
import { sessionKeysOf } from "../../server/session-keys";
import { makeSecret } from "../../server/session-secret";
import { expect, test } from "../support/plain-test";
import { makeFolder } from "../support/temporary-folder";

const given = "g".repeat(64);

async function keysWith(folder: string, SESSION_SECRET?: string, hadStore = true) {
  const lines: string[] = [];
  const result = readConfig({ NODE_ENV: "production", DATA_DIR: folder, SESSION_SECRET });
  if (!result.ok) throw new Error(result.message);
  const logger = pino({}, { write: (line) => lines.push(line) });
  const keys = await sessionKeysOf(result.config, { logger, hadStore });
  return { keys, lines };
}

test("SESSION_SECRET over a folder with another secret is used, and one line warns of the other", async () => {
  const folder = await makeFolder("secret");
  const kept = await makeSecret(folder);
  const { keys, lines } = await keysWith(folder, given);
  expect(keys).toEqual([toKey(given)]);
  expect(lines).toEqual([expect.stringContaining("SESSION_SECRET lacks the secret in session-secret")]);
  expect(lines.join(), "the log has no secret").not.toContain(kept);
});

test("no line warns of a secret that SESSION_SECRET has, of none, or of a file that is no secret", async () => {
  const folder = await makeFolder("secret");
  const kept = await makeSecret(folder);
  for (const secrets of [kept, `${given},${kept}`, undefined])
    expect((await keysWith(folder, secrets)).lines).toEqual([]);
  expect((await keysWith(folder)).keys).toEqual([toKey(kept)]);
  expect((await keysWith(await makeFolder("secret"), given)).lines).toEqual([]);
  await writeFile(path.join(folder, "session-secret"), "short");
  expect((await keysWith(folder, given)).lines).toEqual([]);
});

test("a store whose secret is lost gets a new one, and one line warns that its visitors become new ones", async () => {
  const folder = await makeFolder("secret");
  const { keys, lines } = await keysWith(folder);
  expect(lines).toEqual([expect.stringContaining("DATA_DIR has a store, but no session-secret")]);
  expect(await keysWith(folder), "the second start").toEqual({ keys, lines: [] });
  expect((await keysWith(await makeFolder("secret"), undefined, false)).lines, "the first start").toEqual([]);
});
