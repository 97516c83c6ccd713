import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { changeFile, makeChangedBuild } from "./changed-build";
import { buildFolder } from "./replica";
import { removeFolder } from "./temporary-folder";

const post = "site/posts/a-post-of-the-next-build";

/** Names the mutant that a replica of the next build becomes; without it a replica is what it should be. */
export const mutantVariable = "MADANG_MUTANT";
const mutants = "tests/chaos/mutants";

/** The build loads the server as well, for its pages, but without the variable it becomes no mutant. */
const prologue = `import { mutate } from "../${mutants}";
if (process.env.${mutantVariable}) mutate(process.env.${mutantVariable});
`;

/**
 * Changes what a new version changes: a post, a part of every page, and a module that is loaded later. Its server can
 * become a mutant before anything else; one build for both costs half of two.
 */
async function changeEverything(folder: string): Promise<void> {
  await cp(path.join(folder, "site/posts/how-a-message-travels"), path.join(folder, post), {
    recursive: true,
  });
  await changeFile(folder, "pages/_app.tsx", (app) =>
    app.replace("<Component {...pageProps} />", '<Component {...pageProps} /><i hidden data-build="next" />'),
  );
  await changeFile(
    folder,
    "components/chat/client/sockets.ts",
    (module) => `${module}\nReflect.set(globalThis, "madangBuild", "next");\n`,
  );
  await changeFile(folder, "server/app.ts", (app) => prologue + app);
}

/** Another name after each build of this project, and after each change of the mutants, which the build contains. */
async function nameOfBuild(): Promise<string> {
  const id = (await readFile(path.join(buildFolder, ".next/BUILD_ID"), "utf8")).trim();
  const changes = await readFile(`${mutants}.ts`, "utf8");
  return `${id}-${createHash("sha256").update(changes).digest("hex").slice(0, 8)}`;
}

/** The folder of a build that differs from this one as a new version does. Made once for each build of this project. */
export async function nextBuild(): Promise<string> {
  const kept = path.resolve("node_modules/.cache/madang-next-build", await nameOfBuild());
  const target = path.join(kept, ".next/standalone");
  if (existsSync(path.join(target, "server.js"))) return kept;
  const made = await makeChangedBuild("next-build", changeEverything);
  await mkdir(path.dirname(target), { recursive: true });
  const unfinished = `${target}-${process.pid}`;
  await cp(path.join(made, ".next/standalone"), unfinished, { recursive: true, verbatimSymlinks: true });
  // Another worker may have been quicker: its build is as good.
  await rename(unfinished, target).catch((error) => {
    if (!existsSync(path.join(target, "server.js"))) throw error;
    return removeFolder(unfinished);
  });
  await removeFolder(made);
  return kept;
}
