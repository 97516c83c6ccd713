import { cp, mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { changeFile, makeChangedBuild } from "./changed-build";
import { buildFolder } from "./replica";
import { removeFolder } from "./temporary-folder";

const post = "posts/a-post-of-the-next-build";

/** Changes what a new version changes: a post, a part of every page, and a module that is loaded later. */
async function changeEverything(folder: string): Promise<void> {
  await cp(path.join(folder, "posts/how-a-message-travels"), path.join(folder, post), { recursive: true });
  await changeFile(folder, "pages/_app.tsx", (app) =>
    app.replace("<Component {...pageProps} />", '<Component {...pageProps} /><i hidden data-build="next" />'),
  );
  await changeFile(
    folder,
    "components/chat/client/sockets.ts",
    (module) => `${module}\nReflect.set(globalThis, "madangBuild", "next");\n`,
  );
}

/**
 * The folder of a build that differs from this one as a new version does. Built once for each build of this project,
 * and cached.
 */
export async function nextBuild(): Promise<string> {
  const id = (await readFile(path.join(buildFolder, ".next/BUILD_ID"), "utf8")).trim();
  const kept = path.resolve("node_modules/.cache/madang-next-build", id);
  const isMade = await readFile(path.join(kept, ".next/standalone/server.js")).then(
    () => true,
    () => false,
  );
  if (isMade) return kept;
  const made = await makeChangedBuild("next-build", changeEverything);
  await mkdir(path.join(kept, ".next"), { recursive: true });
  await cp(path.join(made, ".next/standalone"), path.join(kept, ".next/unfinished"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await rename(path.join(kept, ".next/unfinished"), path.join(kept, ".next/standalone"));
  await removeFolder(made);
  return kept;
}
