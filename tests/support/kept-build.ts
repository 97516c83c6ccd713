import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { buildFolder } from "./replica";
import { removeFolder } from "./temporary-folder";

/**
 * The folder of another build, made once for each build of this project. `mark` changes with the sources of that build;
 * `make` returns a folder with the build, which is deleted after copying.
 */
export async function keptBuild(name: string, mark: string, make: () => Promise<string>): Promise<string> {
  const id = (await readFile(path.join(buildFolder, ".next/BUILD_ID"), "utf8")).trim();
  const kept = path.resolve(`node_modules/.cache/madang-${name}`, `${id}-${mark}`);
  const target = path.join(kept, ".next/standalone");
  if (existsSync(path.join(target, "server.js"))) return kept;
  const made = await make();
  await mkdir(path.dirname(target), { recursive: true });
  const unfinished = `${target}-${process.pid}`;
  await cp(path.join(made, ".next/standalone"), unfinished, { recursive: true, verbatimSymlinks: true });
  // Another worker may have been quicker: use its build.
  await rename(unfinished, target).catch((error) => {
    if (!existsSync(path.join(target, "server.js"))) throw error;
    return removeFolder(unfinished);
  });
  await removeFolder(made);
  return kept;
}
