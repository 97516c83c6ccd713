import { type App, openApp } from "./app";
import { systemClock } from "./lib/clock";
import { endProcess } from "./lib/end-process";
import { exitOnSignals } from "./lib/shutdown";

/** The delay between tries to reach this process's own server, which may not listen yet. */
const attachRetryMs = 50;
const anyAddress = new Set(["0.0.0.0", "::", ""]);

/**
 * Starts the chat with the process: settings are checked before any visitor comes, and Socket.IO is attached before a
 * WebSocket can reach a replica without it.
 */
export async function boot(): Promise<void> {
  const app = await openOrEnd();
  if (app.config.isProduction)
    exitOnSignals((drainMs) => app.close(drainMs), app.config.drainMs, systemClock, app.logger);
  // Not awaited: Next serves its first request only after this function has returned.
  void attach(app);
}

async function openOrEnd(): Promise<App> {
  try {
    return await openApp();
  } catch (error) {
    return endProcess(error instanceof Error ? error.message : String(error));
  }
}

async function attach(app: App): Promise<void> {
  const { hostname, port } = app.config;
  const host = anyAddress.has(hostname) ? "127.0.0.1" : hostname;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/api/socket`;
  while (app.status() === "starting") {
    await fetch(url).catch((error: unknown) => app.logger.debug({ err: error }, "not listening yet"));
    if (app.status() === "starting")
      await new Promise<void>((resolve) => systemClock.after(attachRetryMs, resolve));
  }
}
