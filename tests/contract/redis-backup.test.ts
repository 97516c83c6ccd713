import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Redis } from "ioredis";
import { startChild } from "../support/child";
import { test as base, expect } from "../support/fixtures";
import { ManifestRedis } from "../support/manifest-redis";
import { makeFolder, removeFolder } from "../support/temporary-folder";

const scripts = "k8s/components/backup";
const backupPassword = "a-password-for-backups";

type Run = { code: number | null; output: string };

/** The manifests' Redis with some content, and the jobs' scripts, on folders of this test. */
const test = base.extend<{
  manifestRedis: ManifestRedis;
  backups: string;
  run: (script: "backup.sh" | "restore.sh", environment?: Record<string, string>) => Promise<Run>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  manifestRedis: async ({}, use) => {
    const manifestRedis = await ManifestRedis.start({ backupPassword });
    await manifestRedis.client
      .multi()
      .set("madang:string", "one")
      .hset("madang:hash", { a: "1", b: "2" })
      .xadd("madang:stream", "1-1", "text", "first")
      .zadd("madang:set", 1, "x")
      .exec();
    await use(manifestRedis);
    await manifestRedis.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  backups: async ({}, use) => {
    const folder = await makeFolder("backups");
    await use(folder);
    await removeFolder(folder);
  },
  run: async ({ manifestRedis, backups }, use) => {
    await use(async (script, environment = {}) => {
      const child = startChild("sh", [path.join(scripts, script)], {
        env: {
          PATH: process.env.PATH,
          REDIS_HOST: "127.0.0.1",
          REDIS_PORT: String(manifestRedis.port),
          BACKUP_FOLDER: backups,
          DATA_FOLDER: manifestRedis.folder,
          ...(script === "backup.sh" && { KEEP: "3", REDISCLI_AUTH: backupPassword }),
          ...environment,
        } as unknown as NodeJS.ProcessEnv,
      });
      const { code } = await child.exit;
      return { code, output: child.output() };
    });
  },
});

const succeeded = (run: Run) => expect(run.code, run.output).toBe(0);

test("a backup of a running Redis is restored completely, and the former files are kept", async ({
  manifestRedis,
  backups,
  run,
}) => {
  const then = await manifestRedis.contents();
  succeeded(await run("backup.sh"));
  expect(await readdir(backups)).toEqual([expect.stringMatching(/^madang-\d{8}T\d{6}Z\.rdb$/)]);
  // The replicas would report a refused replay (server/broker/redis/store-loss-detector.ts).
  expect(await manifestRedis.client.info("stats")).toMatch(/^unexpected_error_replies:0\r?$/m);
  await manifestRedis.client.set("madang:later", "not in the backup");
  await manifestRedis.client.del("madang:hash");

  await manifestRedis.scaleDown();
  succeeded(await run("restore.sh"));
  await manifestRedis.scaleUp();
  expect(await manifestRedis.contents()).toEqual(then);
  const kept = (await readdir(manifestRedis.folder)).filter((name) => name.startsWith("appendonlydir"));
  expect(kept.sort()).toEqual(["appendonlydir", expect.stringMatching(/^appendonlydir\.before-/)]);

  await manifestRedis.client.set("madang:after", "written on top of it");
  await manifestRedis.restart();
  expect(await manifestRedis.contents()).toEqual({ ...then, "madang:after": "written on top of it" });
});

test("nothing is restored under a running Redis, nor from a backup that is missing or broken", async ({
  manifestRedis,
  backups,
  run,
}) => {
  succeeded(await run("backup.sh"));
  expect(await run("restore.sh")).toMatchObject({ code: 1, output: expect.stringContaining("still runs") });

  const whole = await manifestRedis.contents();
  await manifestRedis.scaleDown();
  expect(await run("restore.sh", { BACKUP: "madang-other.rdb" })).toMatchObject({ code: 1 });
  const [newest = ""] = await readdir(backups);
  const bytes = await readFile(path.join(backups, newest));
  await writeFile(path.join(backups, "madang-broken.rdb"), bytes.subarray(0, bytes.length - 20));
  expect((await run("restore.sh", { BACKUP: "madang-broken.rdb" })).code).not.toBe(0);
  await manifestRedis.scaleUp();
  expect(await manifestRedis.contents()).toEqual(whole);
});

test("an older backup can be restored by its name", async ({ manifestRedis, backups, run }) => {
  const then = await manifestRedis.contents();
  succeeded(await run("backup.sh"));
  const [newest = ""] = await readdir(backups);
  await copyFile(path.join(backups, newest), path.join(backups, "madang-20200101T000000Z.rdb"));
  await manifestRedis.client.set("madang:string", "two");
  succeeded(await run("backup.sh"));
  await manifestRedis.scaleDown();
  succeeded(await run("restore.sh", { BACKUP: "madang-20200101T000000Z.rdb" }));
  await manifestRedis.scaleUp();
  expect(await manifestRedis.contents()).toEqual(then);
});

test("the newest backups are kept, and a failed run deletes none", async ({ backups, run }) => {
  const older = ["madang-20200101T000000Z.rdb", "madang-20200102T000000Z.rdb", "madang-20200103T000000Z.rdb"];
  for (const name of [...older, "notes.txt"]) await writeFile(path.join(backups, name), "");
  for (const broken of [{ REDISCLI_AUTH: "wrong" }, { KEEP: "0" }, { KEEP: "" }])
    expect((await run("backup.sh", broken)).code).not.toBe(0);
  expect((await readdir(backups)).sort()).toEqual([...older, "notes.txt"]);

  await writeFile(path.join(backups, "part.rdb"), "left by an interrupted run");
  succeeded(await run("backup.sh"));
  const newest = expect.stringMatching(/^madang-(?!2020)/);
  expect((await readdir(backups)).sort()).toEqual([...older.slice(1), newest, "notes.txt"]);
});

test("the backup's user can read everything by a backup and in no other way, and exists only with a password", async ({
  manifestRedis,
}) => {
  const login = (port: number) =>
    new Redis({
      port,
      username: "madang-backup",
      password: backupPassword,
      lazyConnect: true,
      retryStrategy: () => null,
    });
  const client = login(manifestRedis.port);
  // It may not even ask for INFO, which ioredis does when it connects.
  client.options.enableReadyCheck = false;
  await client.connect();
  for (const command of [
    ["GET", "madang:string"],
    ["SET", "madang:a", "1"],
    ["CONFIG", "GET", "*"],
    ["ACL", "LIST"],
    ["PING"],
  ])
    await expect(client.call(...(command as [string, ...string[]])), command.join(" ")).rejects.toThrow(
      "NOPERM",
    );
  client.disconnect();

  const without = await ManifestRedis.start();
  const refused = login(without.port);
  refused.on("error", () => undefined);
  await expect(refused.connect()).rejects.toThrow();
  refused.disconnect();
  await without.stop();
});
