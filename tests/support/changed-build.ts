import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startChild } from "./child";
import { makeFolder, removeFolder } from "./temporary-folder";

/** Files that a build does not need, or that would disturb it. */
const leftOut = new Set([
  ".git",
  ".next",
  "node_modules",
  "test-results",
  "playwright-report",
  "data",
  ".env",
  ".env.local",
]);

/** Changes one file of the copy. Throws when the change has no effect, since such a change would prove nothing. */
export async function changeFile(
  folder: string,
  name: string,
  change: (text: string) => string,
): Promise<void> {
  const file = path.join(folder, name);
  const before = await readFile(file, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`${name} is not what this test knows`);
  await writeFile(file, after);
}

/** Gives a file another name, or a copy where the other name is on another disk. */
function link(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** Makes a folder with links to the same files: node_modules has 700 MB, and a build only reads them. */
function linkFolder(source: string, target: string): void {
  mkdirSync(target);
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [path.join(source, entry.name), path.join(target, entry.name)];
    if (!entry.isDirectory()) link(from, to);
    else if (entry.name !== ".cache") linkFolder(from, to);
  }
}

/** A production build of a changed copy of the project, in a folder that the caller removes. */
export async function makeChangedBuild(
  name: string,
  change: (folder: string) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<string> {
  const root = path.resolve(".");
  const folder = await makeFolder(name);
  try {
    const filter = (source: string) => !leftOut.has(path.relative(root, source));
    await cp(root, folder, { recursive: true, verbatimSymlinks: true, filter });
    linkFolder(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    // Turbopack then compiles only the changed files; a fresh clone has no cache yet.
    const cache = path.join(root, ".next/cache");
    if (existsSync(cache)) await cp(cache, path.join(folder, ".next/cache"), { recursive: true });
    await change(folder);
    // This project's own build has already checked the types of the other files.
    await changeFile(folder, "next.config.js", (config) =>
      config.replace("poweredByHeader: false,", "$& typescript: { ignoreBuildErrors: true },"),
    );
    const build = startChild("npm", ["run", "build"], {
      cwd: folder,
      env: { ...process.env, ...environment },
    });
    if ((await build.exit).code !== 0) throw new Error(`${name} could not be built:\n${build.output()}`);
    return folder;
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}
