import type { App } from "./app";
import { globalSingleton } from "./lib/global-singleton";

/**
 * The app that `boot.ts` has opened: no request comes before. It names the app's type alone. A route that imported
 * `app.ts` would load the whole server once more, in time and in memory.
 */
export const runningApp = (): App =>
  globalSingleton<App>("app", () => {
    throw new Error("the chat has not started");
  });
