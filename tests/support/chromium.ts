import { existsSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";

const systemPath = "/usr/bin/chromium";

/** The browser to use: CHROMIUM_PATH, else the system's, else the one that Playwright downloaded. */
function executablePath(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return named;
  return existsSync(systemPath) ? systemPath : undefined;
}

/**
 * Chromium's own interface, loaded for each new window: the list below the address bar takes a second of CPU time, as much
 * as a page of ours.
 */
const popups = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** Those that Playwright turns off. Chromium heeds the last --disable-features only, and ours comes after Playwright's. */
export const offForPlaywright = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion",
];

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
      `--disable-features=${[...offForPlaywright, ...popups].join(",")}`,
    ],
  };
}
