import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";

/**
 * Makes `.next/standalone` whole after `next build`: Next leaves out the static files, and its server takes
 * SIGTERM and HOSTNAME in ways that do not serve a chat. Running it twice changes nothing.
 */
const standalone = ".next/standalone";
const serverPath = `${standalone}/server.js`;

const prelude = 'import "./before-next.mjs";\n';

async function addPrelude() {
  await cp("server/before-next.mjs", `${standalone}/before-next.mjs`);
  const server = await readFile(serverPath, "utf8");
  if (server.startsWith(prelude)) return;
  if (!server.includes("import path from 'node:path'") || !server.includes("startServer({"))
    throw new Error(`${serverPath} is not the server that this script knows; see what Next writes now`);
  await writeFile(serverPath, prelude + server);
}

/** Next copies them along, secrets included; an image must not carry them. */
async function removeSettings() {
  const files = (await readdir(standalone)).filter((name) => name === ".env" || name.startsWith(".env."));
  for (const name of files) await rm(`${standalone}/${name}`);
}

await removeSettings();
await cp("public", `${standalone}/public`, { recursive: true });
await cp(".next/static", `${standalone}/.next/static`, { recursive: true });
await addPrelude();
