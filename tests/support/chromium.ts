import { existsSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";

const systemPath = "/usr/bin/chromium";

/** The browser to use: CHROMIUM_PATH, else the system's, else the one that Playwright downloaded. */
function executablePath(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return named;
  return existsSync(systemPath) ? systemPath : undefined;
}

/** Quiet and offline; without the sandbox, which root may not use and containers seldom allow. */
export function chromiumLaunch(): LaunchOptions {
  const path = executablePath();
  return {
    ...(path === undefined ? {} : { executablePath: path }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}
