import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";

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

await removeSettings();
await cp("public", `${standalone}/public`, { recursive: true });
await cp(".next/static", `${standalone}/.next/static`, { recursive: true });
await addPrelude();
