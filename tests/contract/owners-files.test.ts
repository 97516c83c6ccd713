import { chmod, mkdir, readdir, readFile, stat, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import pino from "pino";
import { FolderAssets } from "../../server/assets/folder-assets";
import { openDataFolder } from "../../server/journal/level/data-folder";
import { LevelRows } from "../../server/journal/level/level-rows";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { keepSecret, makeSecret } from "../../server/session-secret";
import { expect, test } from "../support/fixtures";
import { makeFolder } from "../support/temporary-folder";

const reserveBytes = 16 * 1024 * 1024;

const openFolder = (folder: string) =>
  openDataFolder({
    folder,
    isFlushedAlways: false,
    bytes: new ByteCount(),
    clock: systemClock,
    logger: pino({ level: "silent" }),
  });

/** Starts on this folder, and ends. */
const start = async (folder: string) => (await openFolder(folder)).close();

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

test("a start in a folder with an owner's files leaves them alone", async () => {
  const folder = await makeFolder("owners");
  const files = [
    "lost+found/#12",
    "..data/DATA",
    ".gitkeep",
    ".DS_Store",
    "notes.txt",
    "store.new-from-backup/CURRENT",
    "store.new",
    "store.new-3f0c4f0e-6d2b-4f5e-9a57-0d3c5f1b2a11.tar",
    "store.old/000005.ldb",
    "session-secret.new",
  ];
  for (const name of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), name);
  }
  await start(folder);
  await makeSecret(folder);
  await keepSecret(folder, "x".repeat(64));
  for (const name of files) expect(await readFile(path.join(folder, name), "utf8")).toBe(name);
  const ours = ["reserve", "session-secret", "store"];
  const tops = new Set(files.map((name) => name.split("/")[0] ?? ""));
  expect((await readdir(folder)).sort()).toEqual([...tops, ...ours].sort());
});

test("only files that a build has kept leave the folder of assets", async () => {
  const folder = await makeFolder("assets");
  const files = ["photo.jpg", "other/a.js", "static/photo.jpg", "static/notes.txt.backup", "data/notes"];
  const assets = new FolderAssets(folder, systemClock);
  await assets.keep([{ path: "static/chunks/old.js", gzip: gzipSync("old") }]);
  for (const name of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), name);
  }
  await writeFile(path.join(folder, "static/chunks/cut.js.V1StGX"), "");
  for (const name of [...files, "static/chunks/old.js", "static/chunks/cut.js.V1StGX"])
    await utimes(path.join(folder, name), 1, 1);
  await assets.keep([{ path: "data/B/en/chat.json", gzip: gzipSync("{}") }]);
  for (const name of files) expect(await readFile(path.join(folder, name), "utf8")).toBe(name);
  expect(await readdir(path.join(folder, "static/chunks"))).toEqual([]);
});

for (const { what, text } of [
  { what: "notes", text: "buy milk" },
  { what: "notes behind zeros", text: `${"\0".repeat(70_000)}buy milk` },
  { what: "zeros that are too many", text: "\0".repeat(reserveBytes + 1) },
])
  test(`a reserve that is a file of ${what} is refused, the error names it, and the file stays`, async () => {
    const folder = await makeFolder("owners");
    const file = path.join(folder, "reserve");
    await writeFile(file, text);
    await expect(start(folder)).rejects.toThrow(`${file} is not a file of this program`);
    expect(await readFile(file, "utf8")).toBe(text);
    expect(await readdir(folder)).toEqual(["reserve"]);
  });

test("a reserve that an earlier process has left, whole or cut off, is taken over", async () => {
  const folder = await makeFolder("owners");
  const file = path.join(folder, "reserve");
  await start(folder);
  const { ino } = await stat(file);
  await start(folder);
  await truncate(file, 5_000);
  await start(folder);
  expect(await stat(file)).toMatchObject({ ino, size: reserveBytes });
});

for (const { what, open } of [
  { what: "a server", open: start },
  { what: "an import", open: async (folder: string) => (await LevelRows.openToFill(folder)).close() },
])
  test(`${what} refuses a DATA_DIR that is no folder, and the error says so`, async () => {
    const folder = await makeFolder("owners");
    const file = path.join(folder, "data");
    await writeFile(file, "mine");
    for (const dataDir of [file, path.join(file, "below")])
      await expect(open(dataDir)).rejects.toThrow(`${dataDir} cannot be a folder: a file has that name`);
    await writeFile(path.join(folder, "store"), "mine");
    await expect(open(folder)).rejects.toThrow(`${path.join(folder, "store")} cannot be a folder`);
    for (const name of ["data", "store"])
      expect(await readFile(path.join(folder, name), "utf8")).toBe("mine");
  });

test("no other account reads the store of a folder that others may read, also of one that was made so", async () => {
  const folder = await makeFolder("owners");
  const dataDir = path.join(folder, "data");
  const store = path.join(dataDir, "store");
  await mkdir(dataDir, { mode: 0o755 });
  await start(dataDir);
  await makeSecret(dataDir);
  expect(await modeOf(store), "a new one").toBe("700");
  expect(await modeOf(path.join(dataDir, "session-secret"))).toBe("600");
  expect(await modeOf(dataDir), "the owner's").toBe("755");
  await chmod(store, 0o755);
  await start(dataDir);
  expect(await modeOf(store), "one of an earlier version").toBe("700");
  await chmod(store, 0o755);
  const rows = await LevelRows.openToFill(dataDir);
  await rows.begin();
  await rows.close();
  expect(await modeOf(store), "one that is filled").toBe("700");
});
