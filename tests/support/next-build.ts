import { createHash } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { changeFile, makeChangedBuild } from "./changed-build";
import { keptBuild } from "./kept-build";

const post = "site/posts/a-post-of-the-next-build";

/** Names the mutant that a replica of the next build becomes; without it the replica is correct. */
export const mutantVariable = "MADANG_MUTANT";
const mutants = "tests/chaos/mutants";

/** `next build` loads the server, too, for its pages; without the variable it does not become a mutant. */
const prologue = `import { mutate } from "../${mutants}";
if (process.env.${mutantVariable}) mutate(process.env.${mutantVariable});
`;

/**
 * Changes the things that a new version changes: a post, a part of every page, and a module that is loaded later. Its
 * server can become a mutant when it starts: one build for both purposes costs half of two.
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

/** The folder of a build that differs from this one as a new version would. */
export async function nextBuild(): Promise<string> {
  // The build contains the mutants.
  const changes = await readFile(`${mutants}.ts`, "utf8");
  const mark = createHash("sha256").update(changes).digest("hex").slice(0, 8);
  return keptBuild("next-build", mark, () => makeChangedBuild("next-build", changeEverything));
}
