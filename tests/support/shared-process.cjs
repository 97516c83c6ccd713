// Replicas under test load this before anything else (tests/support/replica.ts). A Next process takes a second to start, and
// the chat in it a tenth of that. So a test that leaves its replica intact passes the process on to the next test. That test
// starts its own chat in it, with its own settings, in the same way as in a new process.
const http = require("node:http");
const path = require("node:path");

const [app, opening] = ["app", "opening"].map((name) => Symbol.for(`madang.${name}`));
const { createServer } = http;
/** @type {http.Server | undefined} */
let server;
/**
 * The server's listeners before the chat is attached to it.
 * @type {Map<string | symbol, Function[]>}
 */
let listeners = new Map();
/** @type {string[]} */
let settings = [];

http.createServer = (/** @type {any[]} */ ...args) => {
  http.createServer = createServer;
  const created = createServer(...args);
  server = created;
  loadPagesWhenAsked();
  created.prependOnceListener("request", () => {
    listeners = new Map(created.eventNames().map((name) => [name, created.rawListeners(String(name))]));
  });
  return created;
};

/**
 * Next loads all pages at the start, which takes a fifth of a second of CPU time, and most tests never ask for a page. The
 * image's test and `npm start` start as in production.
 */
function loadPagesWhenAsked() {
  const name = "__NEXT_PRIVATE_STANDALONE_CONFIG";
  const { [name]: settings = "" } = process.env;
  const config = JSON.parse(settings);
  config.experimental.preloadEntriesOnStart = false;
  process.env[name] = JSON.stringify(config);
}

/** Closes the chat as at the end of a process, but leaves the HTTP server open. */
async function rest() {
  const own = server;
  if (own === undefined) throw new Error("there is no server");
  const { close } = own;
  own.close = (done) => {
    done?.();
    return own;
  };
  await Reflect.get(globalThis, app).value.close(0);
  own.close = close;
  own.closeAllConnections();
  own.removeAllListeners();
  for (const [name, some] of listeners)
    for (const one of some) own.on(String(name), /** @type {any} */ (one));
  Reflect.set(own, "maxConnections", undefined);
  for (const singleton of [app, opening]) Reflect.deleteProperty(globalThis, singleton);
}

async function begin(/** @type {Record<string, string>} */ environment) {
  for (const name of settings) delete process.env[name];
  settings = Object.keys(environment);
  Object.assign(process.env, environment);
  // What Next calls when the process starts (instrumentation.ts).
  await require(path.join(process.cwd(), ".next/server/instrumentation.js")).register();
}

process.on("message", (/** @type {{ environment?: Record<string, string> }} */ { environment }) => {
  const done = environment === undefined ? rest() : begin(environment);
  done.then(
    () => process.send?.({}),
    (error) => process.send?.({ error: String(error) }),
  );
});
process.channel?.unref();
settings = Object.keys(process.env);
