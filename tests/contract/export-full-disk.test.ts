import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { startChild } from "../support/child";
import { EmbeddedStore } from "../support/embedded-store";
import { closeJournals } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";
import { fillStore } from "./filled-store";

test.afterEach(closeJournals);

/** Room for the store's own small files, and for a part of the export. */
const roomBytes = 16_384;
const tool = [process.execPath, "--import", "tsx", "server/store-tool.ts"];

/** Runs a line of the shell, in which `$0` is the file for the export and `$@` begins the tool. */
async function run(line: string, dataDir: string, file: string) {
  const env = { PATH: process.env.PATH, NODE_ENV: "production", DATA_DIR: dataDir } as NodeJS.ProcessEnv;
  const child = startChild("sh", ["-c", line, file, ...tool], { env });
  const { code } = await child.exit;
  return { code, said: child.written("stderr") };
}

/** A store of two hundred messages and more, closed. */
async function filledFolder(): Promise<string> {
  const { broker, records, folder } = await EmbeddedStore.open();
  await fillStore(broker, records);
  await broker.close();
  await closeJournals();
  return folder;
}

const failed = { code: 1, said: expect.stringContaining("EFBIG") };
const onFullDisk = `prlimit --fsize=${roomBytes}:unlimited`;

test("[C-3] an export that a full disk cuts off fails, and the one before it stays", async () => {
  const folder = await filledFolder();
  const target = await makeFolder("export");
  const file = path.join(target, "dump.jsonl");
  const whole = await run('"$@" export "$0"', folder, file);
  expect(whole, whole.said).toMatchObject({ code: 0 });
  const before = readFileSync(file, "utf8");
  expect(before.length).toBeGreaterThan(2 * roomBytes);
  expect(await run(`${onFullDisk} "$@" export "$0"`, folder, file)).toMatchObject(failed);
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(target)).toEqual(["dump.jsonl"]);
});

test("[C-3] an export to standard output that a full disk cuts off fails", async () => {
  const file = path.join(await makeFolder("export"), "dump.jsonl");
  const cut = await run(`${onFullDisk} "$@" export - > "$0"`, await filledFolder(), file);
  expect(cut).toMatchObject(failed);
  expect(readFileSync(file, "utf8").length).toBe(roomBytes);
});
