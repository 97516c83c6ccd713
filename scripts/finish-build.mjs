import { cp, readFile, writeFile } from "node:fs/promises";

/**
 * Makes `.next/standalone` whole after `next build`: Next leaves out the static files, and its server takes
 * SIGTERM and HOSTNAME in ways that do not serve a chat. Running it twice changes nothing.
 */
const standalone = ".next/standalone";
const serverPath = `${standalone}/server.js`;

const prelude = `import { hostname as machineName } from "node:os";
// Next's own handler of SIGTERM waits for every connection, and a WebSocket never ends; ours drains.
process.env.NEXT_MANUAL_SIG_HANDLE = "true";
// Shells and containers export the machine's own name, which is no address to listen on.
if (!process.env.HOSTNAME || process.env.HOSTNAME === machineName()) process.env.HOSTNAME = "0.0.0.0";

`;

async function addPrelude() {
  const server = await readFile(serverPath, "utf8");
  if (server.startsWith(prelude)) return;
  if (!server.includes("import path from 'node:path'") || !server.includes("startServer({"))
    throw new Error(`${serverPath} is not the server that this script knows; see what Next writes now`);
  await writeFile(serverPath, prelude + server);
}

await cp("public", `${standalone}/public`, { recursive: true });
await cp(".next/static", `${standalone}/.next/static`, { recursive: true });
await addPrelude();
