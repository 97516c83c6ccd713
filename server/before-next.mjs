/**
 * Runs first in the production server, before Next's own code: `npm run build` copies it beside `server.js`, which imports
 * it (scripts/finish-build.mjs). Plain JavaScript, because nothing compiles it.
 */
import { existsSync } from "node:fs";
import http from "node:http";
import { createServer as createTcpServer } from "node:net";
import { hostname as machineName } from "node:os";
import path from "node:path";

// As process 1 of a container the server gets no signal that it does not handle: without this, a SIGTERM before the chat
// is up is lost, and the process is killed at the end of its grace.
/** @type {(signal: NodeJS.Signals) => void} */
let onSignal = () => process.exit(0);
// These two stay: a signal that arrives while one handler is replaced by another is lost.
process.on("SIGINT", (signal) => onSignal(signal));
process.on("SIGTERM", (signal) => onSignal(signal));

/** @type {http.Server | undefined} */
let server;
const chatPath = /^\/socket\.io(?:[/?]|$)/;

/** Next leaves upgrades of this path without an answer. A 503 lets a proxy ask another replica at once. */
function refuseUpgrade(
  /** @type {http.IncomingMessage} */ request,
  /** @type {import("node:stream").Duplex} */ socket,
) {
  if (chatPath.test(request.url ?? ""))
    socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

// Sockets that say nothing are looked for so often; how long they may be silent is said in server/gateway/http-limits.ts.
const connectionsCheckingInterval = 2_000;

// Next creates one HTTP server and hands it to no other code before it listens.
const { createServer } = http;
http.createServer = (/** @type {any[]} */ ...args) => {
  http.createServer = createServer;
  server = createServer({ connectionsCheckingInterval }, ...args);
  server.on("upgrade", refuseUpgrade);
  return server;
};

/** server/lib/startup.ts takes over from here. */
Reflect.set(globalThis, Symbol.for("madang.startup"), {
  handleSignals(/** @type {(signal: NodeJS.Signals) => void} */ handler) {
    onSignal = handler;
  },
  admitUpgrades() {
    server?.off("upgrade", refuseUpgrade);
  },
});

// Settings of the folder in which the server is started; what the environment says already goes before.
if (existsSync(".env")) process.loadEnvFile(".env");
// The build has taken the owner's folder along: it lies beside the server.
delete process.env.SITE_DIR;
// Next would quietly take another port.
const { PORT: port = "3000" } = process.env;
if (port !== "" && !(/^[0-9]+$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) {
  console.error("The settings are not valid:\n  - PORT: must be a whole number from 1 to 65535");
  process.exit(1);
}
// Next changes to the folder of the build; a relative path is meant from the folder in which the server was started.
for (const name of ["REDIS_CA_FILE", "REDIS_CERT_FILE", "REDIS_KEY_FILE"]) {
  const file = process.env[name];
  if (file) process.env[name] = path.resolve(file);
}
const { DATA_DIR: dataDir = "data" } = process.env;
if (dataDir !== "none" && dataDir !== "") process.env.DATA_DIR = path.resolve(dataDir);
// Next's own handler of SIGTERM waits for every connection, and a WebSocket never ends; ours drains.
process.env.NEXT_MANUAL_SIG_HANDLE = "true";
// Shells and containers export the machine's own name, which is no address to listen on.
const { HOSTNAME: host } = process.env;
if (host === undefined || host === "" || host === machineName()) process.env.HOSTNAME = "0.0.0.0";

// Next would print a stack of its own when the port is taken.
await new Promise((resolve) => {
  const { HOSTNAME: address } = process.env;
  const probe = createTcpServer();
  probe.once("error", (/** @type {NodeJS.ErrnoException} */ { code }) => {
    const why = code === "EADDRINUSE" ? "the port is in use. Set PORT to another one." : code;
    console.error(`Cannot listen on ${address}:${port}: ${why}`);
    process.exit(1);
  });
  probe.listen(Number(port), address, () => probe.close(resolve));
});
