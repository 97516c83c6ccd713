import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { startChild } from "../support/child";
import { EmbeddedStore } from "../support/embedded-store";
import { closeJournals } from "../support/journals";
import { expect, test } from "../support/plain-test";
import { makeFolder } from "../support/temporary-folder";
import { fillStore } from "./filled-store";

test.afterEach(closeJournals);

const missingBytes = 100;
const tool = [process.execPath, "--import", "tsx", "server/store-tool.ts"];

/** Runs a line of the shell, in which `$0` is the file for the export and `$@` begins the tool. */
async function run(line: string, dataDir: string, file: string) {
  const env = { PATH: process.env.PATH, NODE_ENV: "production", DATA_DIR: dataDir } as NodeJS.ProcessEnv;
  const child = startChild("sh", ["-c", line, file, ...tool], { env });
  const { code } = await child.exit;
  return { code, said: child.written("stderr") };
}

const failed = { code: 1, said: expect.stringContaining("EFBIG") };
/** Room for all but a part of the last write: the system then writes the rest of it, and tells of no error. */
const onFullDisk = ({ length }: Buffer) => `prlimit --fsize=${length - missingBytes}:unlimited`;

test("[C-3] an export that a full disk cuts off fails, and the one before it stays", async () => {
  const { broker, records, folder } = await EmbeddedStore.open();
  await fillStore(broker, records);
  await broker.close();
  await closeJournals();
  const target = await makeFolder("export");
  const file = path.join(target, "dump.jsonl");
  const whole = await run('"$@" export "$0"', folder, file);
  expect(whole, whole.said).toMatchObject({ code: 0 });
  const before = readFileSync(file);
  expect(await run(`${onFullDisk(before)} "$@" export "$0"`, folder, file)).toMatchObject(failed);
  expect(before.equals(readFileSync(file))).toBe(true);
  expect(readdirSync(target)).toEqual(["dump.jsonl"]);
  const cut = await run(`${onFullDisk(before)} "$@" export - > "$0"`, folder, path.join(target, "cut"));
  expect(cut, "to standard output").toMatchObject(failed);
});
