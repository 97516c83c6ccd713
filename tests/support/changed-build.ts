import { existsSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startChild } from "./child";
import { makeFolder, removeFolder } from "./temporary-folder";

/** Files that a build does not need, or that would disturb it. */
const leftOut = new Set([".git", ".next", "test-results", "playwright-report", "data", ".env", ".env.local"]);

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

/** A production build of a changed copy of the project, in a folder that the caller removes. */
export async function makeChangedBuild(
  name: string,
  change: (folder: string) => Promise<void>,
): Promise<string> {
  const root = path.resolve(".");
  const folder = await makeFolder(name);
  try {
    const filter = (source: string) => !leftOut.has(path.relative(root, source));
    await cp(root, folder, { recursive: true, verbatimSymlinks: true, filter });
    // Turbopack then compiles only what is changed; a fresh clone has no cache yet.
    const cache = path.join(root, ".next/cache");
    if (existsSync(cache)) await cp(cache, path.join(folder, ".next/cache"), { recursive: true });
    await change(folder);
    const build = startChild("npm", ["run", "build"], { cwd: folder });
    if ((await build.exit).code !== 0) throw new Error(`${name} could not be built:\n${build.output()}`);
    return folder;
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}
