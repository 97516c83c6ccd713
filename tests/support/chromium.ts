import { existsSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";

const systemPath = "/usr/bin/chromium";
const systemShellPath = "/usr/bin/chromium-headless-shell";

/** The browser to use: CHROMIUM_PATH, else the first of these that is installed. */
function installed(...systemPaths: string[]): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return named;
  return systemPaths.find((path) => existsSync(path));
}

/**
 * Chromium's own interface, loaded for each new window: the list below the address bar takes a second of CPU time, as much
 * as a page of ours.
 */
const popups = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** The features that Playwright turns off. Chromium heeds only the last --disable-features, and ours comes after Playwright's. */
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

/** Keeps Chromium quiet and offline, without the sandbox: root may not use it, and containers seldom allow it. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...offForPlaywright, ...popups].join(",")}`,
];

/** The whole browser, which alone shows notifications and installs apps. */
export function chromiumLaunch(): LaunchOptions {
  const path = installed(systemPath);
  // Playwright downloads two browsers; this channel is the whole one.
  return { ...(path === undefined ? { channel: "chromium" } : { executablePath: path }), args };
}

/**
 * The same engine without the browser around it: a page costs a third less CPU time. Where it is not installed, the
 * whole browser takes its place.
 */
export function headlessShellLaunch(): LaunchOptions {
  const path = installed(systemShellPath, systemPath);
  return { ...(path !== undefined && { executablePath: path }), args };
}

/** For `test.use`. Files that share this object share a worker, with its browser and servers. */
export const wholeBrowser = chromiumLaunch();
