import { existsSync } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import nextEnv from "@next/env";
import { build } from "esbuild";

/**
 * Completes `.next/standalone` after `next build`. Next leaves out the static files, and its server handles SIGTERM and
 * HOSTNAME in a way that does not suit a chat. A second run changes nothing.
 */
const standalone = ".next/standalone";
const serverPath = `${standalone}/server.js`;

const prelude = 'import "./before-next.mjs";\n';

async function addPrelude() {
  await cp("server/before-next.mjs", `${standalone}/before-next.mjs`);
  const server = await readFile(serverPath, "utf8");
  if (server.startsWith(prelude)) return;
  if (!server.includes("import path from 'node:path'") || !server.includes("startServer({"))
    throw new Error(
      `${serverPath} has changed in this version of Next: adapt scripts/finish-build.mjs to it`,
    );
  await writeFile(serverPath, prelude + server);
}

/** Next copies `.env` files, secrets included. An image must not contain them. */
async function removeSettings() {
  const files = (await readdir(standalone)).filter((name) => name === ".env" || name.startsWith(".env."));
  for (const name of files) await rm(`${standalone}/${name}`);
}

/**
 * Gives the server a copy of the owner's folder as it was when the pages were built. The owner's files in `public/`
 * replace the program's files of the same names.
 */
async function addSite() {
  // `next build` read the same `.env` files.
  nextEnv.loadEnvConfig(process.cwd());
  const folder = process.env.SITE_DIR || "site";
  await rm(`${standalone}/site`, { recursive: true, force: true });
  await cp(folder, `${standalone}/site`, {
    recursive: true,
    // Copy the targets of links: they may be missing where the server runs.
    dereference: true,
    filter: (file) => !/^\.git$/.test(path.basename(file)),
  });
  await rm(`${standalone}/public`, { recursive: true, force: true });
  await cp("public", `${standalone}/public`, { recursive: true });
  const own = path.join(folder, "public");
  if (existsSync(own)) await cp(own, `${standalone}/public`, { recursive: true, dereference: true });
}

/** Tools that run in an image without devDependencies: each is one file, apart from LevelDB's compiled part. */
async function addTools() {
  await build({
    entryPoints: { store: "server/store-tool.ts", doctor: "scripts/doctor/doctor.ts" },
    outdir: standalone,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    // `ws` does without the last two.
    external: ["classic-level", "bufferutil", "utf-8-validate"],
    banner: {
      js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

await removeSettings();
await addSite();
await cp(".next/static", `${standalone}/.next/static`, { recursive: true });
await addPrelude();
await addTools();
