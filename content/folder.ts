import path from "node:path";

/**
 * The owner's folder: `site/`, or the one that SITE_DIR names. The build takes it along, so the production server has its
 * own `site/` beside it, and server/before-next.mjs removes SITE_DIR.
 */
export const siteFolder = (): string =>
  // The build must not follow this path, or it would include the whole project.
  path.resolve(/*turbopackIgnore: true*/ process.cwd(), process.env.SITE_DIR || "site");

/** Drafts are for `next dev` alone. */
export const areDraftsShown = (): boolean => process.env.NODE_ENV === "development";

/** SITE_URL, as the build and the server get it; "" when it is not set. */
export const siteUrlSetting = (): string => process.env.SITE_URL ?? "";

/** A path from the folder in which the program was started, unless the whole path is shorter. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.length < file.length ? relative : file;
}

/** A path within a folder. From the parts of `path.join` the bundler would guess files to deploy with the server. */
export const within = (folder: string, ...parts: string[]): string =>
  path.normalize([folder, ...parts].join("/"));
