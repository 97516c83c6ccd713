/** A file of a build, as its address names it: `static/chunks/x.js`, `data/BUILD/en/chat.json`. */
export type AssetPath = string;

/** Contents are compressed with gzip: that is how they are kept and, mostly, how they are asked for. */
export type Asset = { path: AssetPath; gzip: Buffer };

/** How long a file stays after the last replica of its build has run: an open page may ask for it for so long. */
export const assetKeptMs = 2 * 86_400_000;
/** How often a running replica renews that. */
export const assetRenewalMs = 43_200_000;

const typesByEnding: Record<string, string> = {
  css: "text/css; charset=utf-8",
  ico: "image/x-icon",
  jpg: "image/jpeg",
  js: "application/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webp: "image/webp",
  woff2: "font/woff2",
};

/** The folders in which a build has its files. */
export const assetFolders = ["static", "data"] as const;
const inAssetFolder = new RegExp(`^(?:${assetFolders.join("|")})/`);

const endingOf = (path: AssetPath): string => path.slice(path.lastIndexOf(".") + 1);

export const typeOf = (path: AssetPath): string =>
  typesByEnding[endingOf(path)] ?? "application/octet-stream";

/** True for what a build may have; nothing else is looked up, as a key or as a file's name. */
export function isAssetPath(path: string): boolean {
  if (path.length > 500 || !inAssetFolder.test(path) || !Object.hasOwn(typesByEnding, endingOf(path)))
    return false;
  return path
    .split("/")
    .every((part) => /^[^\p{C}\p{Z}/\\:*?"<>|]{1,200}$/u.test(part) && part !== "." && part !== "..");
}

/**
 * Keeps the files of builds beyond their replicas, so that a replica of another build can serve them: behind a load
 * balancer the page of one build asks the other one for its scripts.
 */
export interface AssetStore {
  /** Keeps these files for `assetKeptMs` from now. Repeating it renews that. Throws ChatError("unavailable") or ("storage_full"). */
  keep(assets: readonly Asset[]): Promise<void>;
  /** Contents, compressed with gzip; undefined when no build has had that file lately. Throws ChatError("unavailable"). */
  find(path: AssetPath): Promise<Buffer | undefined>;
}
