import { writeFile } from "node:fs/promises";
import path from "node:path";
import pino from "pino";
import { readConfig, toKey } from "../../server/config";
import { sessionKeysOf } from "../../server/session-keys";
import { keptSecret } from "../../server/session-secret";
import { expect, test } from "../support/plain-test";
import { makeFolder } from "../support/temporary-folder";

const given = "g".repeat(64);

async function keysWith(folder: string, SESSION_SECRET?: string) {
  const lines: string[] = [];
  const result = readConfig({ NODE_ENV: "production", DATA_DIR: folder, SESSION_SECRET });
  if (!result.ok) throw new Error(result.message);
  const keys = await sessionKeysOf(result.config, pino({}, { write: (line) => lines.push(line) }));
  return { keys, lines };
}

test("SESSION_SECRET over a folder with another secret is used, and one line warns of the other", async () => {
  const folder = await makeFolder("secret");
  const kept = await keptSecret(folder);
  const { keys, lines } = await keysWith(folder, given);
  expect(keys).toEqual([toKey(given)]);
  expect(lines).toEqual([expect.stringContaining("SESSION_SECRET lacks the secret in session-secret")]);
  expect(lines.join(), "the log has no secret").not.toContain(kept);
});

test("no line warns of a secret that SESSION_SECRET has, of none, or of a file that is no secret", async () => {
  const folder = await makeFolder("secret");
  const kept = await keptSecret(folder);
  for (const secrets of [kept, `${given},${kept}`, undefined])
    expect((await keysWith(folder, secrets)).lines).toEqual([]);
  expect((await keysWith(folder)).keys).toEqual([toKey(kept)]);
  expect((await keysWith(await makeFolder("secret"), given)).lines).toEqual([]);
  await writeFile(path.join(folder, "session-secret"), "short");
  expect((await keysWith(folder, given)).lines).toEqual([]);
});
