import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type Child, startChild } from "../support/child";
import { buildImage, type Image } from "../support/image-build";
import { plain, under } from "../support/packaging";
import { expect, test } from "../support/plain-test";
import { freePort } from "../support/ports";
import { copyContext } from "../support/site-copy";
import { makeFolder, removeFolder } from "../support/temporary-folder";
import { until } from "../support/until";
import { upgrade } from "../support/upgrade";

/** Usually a minute is enough. `npm ci` with an empty cache and a slow network takes several. */
const buildTimeoutMs = 900_000;
const bootTimeoutMs = 90_000;
/** The image has 32 MB. Next's image optimizer alone would add 19. */
const mostMegabytes = 40;

let folder: string;
let image: Image;

test.beforeAll("make the image", async () => {
  test.setTimeout(buildTimeoutMs);
  folder = await makeFolder("image");
  // mkdtemp makes a private folder, but the image's user must be able to enter it.
  await chmod(folder, 0o755);
  const context = path.join(folder, "context");
  await mkdir(context);
  await copyContext(context);
  // The compiler checks every file again, and compiles the files of this folder that the project's own build has not compiled.
  if (existsSync(".next/cache"))
    await cp(".next/cache", path.join(context, ".next/cache"), { recursive: true });
  image = await buildImage(await readFile("Dockerfile", "utf8"), context, path.join(folder, "stages"));
  await setWritable(appFolder(), false);
});

test.afterAll(async () => {
  if (image) await setWritable(appFolder(), true);
  await removeFolder(folder);
});

const appFolder = () => path.join(image.root, image.folder);
const cacheFolder = () => path.join(appFolder(), ".next/cache");
const secretFolder = () => path.join(image.root, "run/madang");
const dataFolder = () => path.join(image.root, image.env.DATA_DIR ?? "");

/** All files and folders in a folder, except the cache and the data, which the server may write to. */
async function listTree(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const isOutside = (name: string) =>
    ![cacheFolder(), dataFolder()].some((folder) => `${name}/`.startsWith(`${folder}/`));
  return [root, ...names].filter(isOutside).sort();
}

/** A container's file system is read-only. `removeFolder` needs it writable again. */
async function setWritable(root: string, isWritable: boolean): Promise<void> {
  for (const name of await listTree(root)) {
    const { mode } = await stat(name);
    await chmod(name, isWritable ? mode | 0o200 : mode & ~0o222);
  }
}

/** A line for each file: any write changes one. */
const fingerprint = async (root: string): Promise<string[]> =>
  Promise.all(
    (await listTree(root)).map(async (name) => {
      const { size, mtimeMs, ctimeMs } = await stat(name);
      return `${name} ${size} ${mtimeMs} ${ctimeMs}`;
    }),
  );

async function megabytesIn(root: string): Promise<number> {
  const files = await Promise.all((await listTree(root)).map((name) => stat(name)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0) / 1_000_000;
}

/** Runs a command as a container of the image does: as its user, in its folder, with its environment and no other. */
function runInside([program = "", ...words]: string[], environment: Record<string, string> = {}): Child {
  const env = {
    ...image.env,
    PATH: `${path.join(image.root, "usr/local/bin")}:/usr/bin:/bin`,
    // The image listens on all addresses; a test listens on this machine only.
    HOSTNAME: "127.0.0.1",
    DATA_DIR: dataFolder(),
    ...environment,
  };
  return startChild(program, words, {
    cwd: appFolder(),
    env: env as unknown as NodeJS.ProcessEnv,
    ...image.user,
  });
}

test("the image holds the site, without tests and without files that only a build needs", async () => {
  const names = await readdir(appFolder());
  expect(names.sort()).toEqual([
    ".next",
    "before-next.mjs",
    "doctor.mjs",
    "node_modules",
    "package.json",
    "public",
    "server",
    "server.js",
    "site",
    "store.mjs",
  ]);
  const packages = await readdir(path.join(appFolder(), "node_modules"));
  for (const name of ["sharp", "@img", "typescript", "@playwright", "@biomejs"])
    expect(packages).not.toContain(name);
  expect(await megabytesIn(appFolder())).toBeLessThan(mostMegabytes);
});

test("the image serves from a read-only tree, and ends on its stop signal", async () => {
  const before = await fingerprint(image.root);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = runInside(image.command, { PORT: String(port) });
  try {
    await until(
      "/api/socket answers 200",
      async () => !server.isRunning() || (await fetch(`${url}/api/socket`)).status === 200,
      bootTimeoutMs,
    );
    expect(server.isRunning(), server.output()).toBe(true);

    const page = await fetch(`${url}/ko/chat`);
    expect(page.status).toBe(200);
    const [script] = (await page.text()).match(/\/_next\/static\/[^"]+\.js/) ?? [];
    const code = await fetch(`${url}${script}`);
    expect([code.status, code.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("javascript"),
    ]);
    expect(await upgrade(url, { origin: url })).toBe(101);

    const check = runInside(image.healthCheck, { PORT: String(port) });
    expect(await check.exit, check.output()).toEqual({ code: 0, signal: null });

    await until("the build's scripts are kept", async () => (await readdir(dataFolder())).includes("assets"));
    server.signal(image.stopSignal);
    expect(await server.exit, server.output()).toEqual({ code: 0, signal: null });
    expect(await fingerprint(image.root)).toEqual(before);
    expect((await readdir(dataFolder())).sort()).toEqual(["assets", "reserve", "session-secret", "store"]);

    const exported = runInside(["node", "store.mjs", "export", "-"], {});
    expect(await exported.exit, exported.output()).toEqual({ code: 0, signal: null });
    expect(exported.written("stdout")).toMatch(/^\{"madang":"store"/);
    expect(exported.written("stdout")).toContain('\n{"end":');
    const doctor = runInside(["node", "doctor.mjs", url], {});
    expect((await doctor.exit).code).toBe(1);
    expect(doctor.output()).toContain("it cannot be reached");
  } finally {
    server.signal("SIGKILL");
    await server.exit;
  }
});

test("the image's user owns the folders that it may write to, because volumes take over the owner", async () => {
  const owner = image.user?.uid ?? process.getuid?.();
  for (const place of [cacheFolder(), secretFolder(), dataFolder()])
    expect((await stat(place)).uid, place).toBe(owner);
});

test("compose's first start makes a secret in the image's folder, later ones keep it, and replicas read it", async () => {
  const compose = plain("compose.yaml");
  const here = (text: string) => text.replaceAll("/run/madang", secretFolder()).replaceAll("$$", "$");
  const script = here(under(compose, "services", "session-secret", "command").split("- |\n")[1] ?? "");
  const keep = async () => {
    const run = runInside(["node", "-e", script]);
    expect(await run.exit, run.output()).toEqual({ code: 0, signal: null });
    return readFile(path.join(secretFolder(), "session-secret"), "utf8");
  };
  const secret = await keep();
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(await keep()).toBe(secret);
  expect(await readdir(secretFolder())).toEqual(["session-secret"]);

  const line = here(under(compose, "x-chat", "command").match(/- '(.*)'/)?.[1] ?? "");
  const read = async (environment: Record<string, string>) => {
    const run = runInside(
      ["sh", "-c", line.replace("node server.js", "node -p process.env.SESSION_SECRET")],
      environment,
    );
    await run.exit;
    return run.output().trim();
  };
  expect(line).toContain("exec node server.js");
  expect(await read({ SESSION_SECRET: "" })).toBe(secret);
  expect(await read({ SESSION_SECRET: "given" })).toBe("given");
});
