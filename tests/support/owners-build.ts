import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeChangedBuild } from "./changed-build";
import { keptBuild } from "./kept-build";
import { makeFolder } from "./temporary-folder";

/** A fresh owner's folder: Korean alone, two posts and a draft, an accent that is unreadable on paper, a logo. */
const fixture = path.resolve("tests/support/owners-folder");

function markOf(folder: string): string {
  const hash = createHash("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) hash.update(entry.name).update(readFileSync(path.join(entry.parentPath, entry.name)));
  return hash.digest("hex").slice(0, 8);
}

/** Puts files into the project's folder that a server started there would leave. */
async function addData(project: string): Promise<void> {
  await mkdir(path.join(project, "data/store"), { recursive: true });
  for (const name of ["session-secret", "reserve", "store/CURRENT", "store/000005.log"])
    await writeFile(path.join(project, "data", name), "a visitor’s words");
}

/** A build of this project with the owner's folder, which lies outside. Neither it nor the project's own `site/` is changed. */
export const ownersBuild = (): Promise<string> =>
  keptBuild("owners-build", markOf(fixture), async () => {
    const folder = await makeFolder("owner");
    await cp(fixture, folder, { recursive: true });
    const build = await makeChangedBuild("owners-build", addData, { SITE_DIR: folder });
    if (markOf(folder) !== markOf(fixture)) throw new Error("the build changed the owner's folder");
    return build;
  });
