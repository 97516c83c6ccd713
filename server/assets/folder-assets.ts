import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { nanoid } from "nanoid";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import {
  type Asset,
  type AssetPath,
  type AssetStore,
  assetFolders,
  assetKeptMs,
  isAssetPath,
} from "./assets";

/** A folder of files, for one process alone. A file's time of change says when it was last kept. */
export class FolderAssets implements AssetStore {
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {}

  async keep(assets: readonly Asset[]): Promise<void> {
    try {
      for (const { path: name, gzip } of assets) await this.write(path.join(this.folder, name), gzip);
      await this.removeOld();
    } catch (error) {
      throw new ChatError("unavailable", `The folder of assets cannot be written: ${String(error)}`);
    }
  }

  async find(name: AssetPath): Promise<Buffer | undefined> {
    const file = path.join(this.folder, name);
    try {
      const { mtimeMs } = await stat(file);
      return this.isOld(mtimeMs) ? undefined : await readFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG")
        return undefined;
      throw new ChatError("unavailable");
    }
  }

  private isOld(mtimeMs: number): boolean {
    return this.clock.now() - mtimeMs > assetKeptMs;
  }

  /** Writes under another name first: a process that is killed meanwhile leaves no half of a script. */
  private async write(file: string, contents: Buffer): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const unfinished = `${file}.${nanoid(6)}`;
    await writeFile(unfinished, contents);
    await rename(unfinished, file);
  }

  private async removeOld(): Promise<void> {
    for (const name of assetFolders) await this.removeOldIn(path.join(this.folder, name));
  }

  private async removeOldIn(folder: string): Promise<void> {
    const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing);
    for (const entry of files) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      if (this.isOld((await stat(file)).mtimeMs) && (await this.isOwn(file))) await rm(file, { force: true });
    }
  }

  /** Whether this class has written the file: an owner may have put others beside it. */
  private async isOwn(file: string): Promise<boolean> {
    const name = path.relative(this.folder, file).split(path.sep).join("/");
    const isNamedAsOwn = isAssetPath(name) || isAssetPath(name.replace(unfinishedEnding, ""));
    return isNamedAsOwn && beginsAsGzip(file);
  }
}

/** Of a file that a process was writing when it was killed. */
const unfinishedEnding = /\.[\w-]{6}$/;

function noneIfMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}

/** The first bytes of all that gzip has made (RFC 1952). */
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** Also true for one that was cut off before. */
async function beginsAsGzip(file: string): Promise<boolean> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(gzipMagic.length), { position: 0 });
    return buffer.subarray(0, bytesRead).equals(gzipMagic.subarray(0, bytesRead));
  } finally {
    await opened.close();
  }
}

/** Keeps nothing: `DATA_DIR=none`. */
export class NoAssets implements AssetStore {
  async keep(): Promise<void> {}

  async find(): Promise<undefined> {
    return undefined;
  }
}
