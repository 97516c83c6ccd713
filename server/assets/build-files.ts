import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Asset, type AssetPath, isAssetPath } from "./assets";

const compress = promisify(gzip);

/**
 * The files of this process' own build that pages ask for later: scripts and styles, and the props of prerendered pages,
 * which the page fetches when a reader goes to another page. `folder` is `.next`.
 */
export async function readBuildFiles(folder: string): Promise<Asset[]> {
  const build = (await readFile(path.join(folder, "BUILD_ID"), "utf8")).trim();
  const [staticFiles, propsFiles] = await Promise.all([
    filesIn(path.join(folder, "static")),
    filesIn(path.join(folder, "server/pages")),
  ]);
  const sources = new Map<AssetPath, string>();
  for (const name of staticFiles) sources.set(`static/${name}`, path.join(folder, "static", name));
  for (const name of propsFiles)
    if (isProps(name)) sources.set(`data/${build}/${name}`, path.join(folder, "server/pages", name));
  const assets: Asset[] = [];
  for (const [name, source] of sources)
    if (isAssetPath(name)) assets.push({ path: name, gzip: await compress(await readFile(source)) });
  return assets;
}

/** Beside them stand manifests, and traces of what a page imports. */
const isProps = (name: string): boolean =>
  name.endsWith(".json") && !name.endsWith(".nft.json") && !name.endsWith("-manifest.json");

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
}
