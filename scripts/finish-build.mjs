import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";

/**
 * Makes `.next/standalone` whole after `next build`: Next leaves out the static files, and its server takes
 * SIGTERM and HOSTNAME in ways that do not serve a chat. Running it twice changes nothing.
 */
const standalone = ".next/standalone";
const serverPath = `${standalone}/server.js`;

const prelude = `import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { hostname as machineName } from "node:os";
// Settings of the folder in which the server is started; what the environment says already goes before.
if (existsSync(".env")) process.loadEnvFile(".env");
// Next would quietly take another port.
if (process.env.PORT && !(/^[0-9]+$/.test(process.env.PORT) && process.env.PORT > 0 && process.env.PORT < 65536)) {
  console.error("The settings are not valid:\\n  - PORT: must be a whole number from 1 to 65535");
  process.exit(1);
}
// Next's own handler of SIGTERM waits for every connection, and a WebSocket never ends; ours drains.
process.env.NEXT_MANUAL_SIG_HANDLE = "true";
// Shells and containers export the machine's own name, which is no address to listen on.
if (!process.env.HOSTNAME || process.env.HOSTNAME === machineName()) process.env.HOSTNAME = "0.0.0.0";
// Next would print a stack of its own.
await new Promise((resolve) => {
  const { PORT: port = "3000", HOSTNAME: host } = process.env;
  const probe = createServer();
  probe.once("error", ({ code }) => {
    const why = code === "EADDRINUSE" ? "another program listens there. Set PORT to another port." : code;
    console.error(\`Cannot listen on \${host}:\${port}: \${why}\`);
    process.exit(1);
  });
  probe.listen(Number(port), host, () => probe.close(resolve));
});

`;

async function addPrelude() {
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
