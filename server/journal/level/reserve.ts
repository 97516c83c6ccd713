import { constants } from "node:fs";
import { open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { UnusableFolder } from "./unusable-folder";

/** LevelDB needs a few times its write buffer of 4 MB to tidy up. */
export const reserveBytes = 16 * 1024 * 1024;
const ownerOnly = 0o600;

/**
 * A file of zeros that is given up when the disk is full, so that accepted messages are kept, and visitors can still
 * leave and delete.
 */
export class Reserve {
  private isMade = false;
  private making: Promise<void> | undefined;

  private constructor(private readonly file: string) {}

  /** Takes over the one that an earlier process has left. Throws UnusableFolder where another file has its name. */
  static async find(folder: string): Promise<Reserve> {
    const reserve = new Reserve(path.join(/*turbopackIgnore: true*/ folder, "reserve"));
    reserve.isMade = (await ownSize(reserve.file)) === reserveBytes;
    return reserve;
  }

  get isThere(): boolean {
    return this.isMade;
  }

  /** Throws UnusableFolder where another file has its name. */
  make(): Promise<void> {
    this.making ??= this.write().finally(() => {
      this.making = undefined;
    });
    return this.making;
  }

  async giveUp(): Promise<void> {
    if (!this.isMade) return;
    this.isMade = false;
    await rm(this.file, { force: true });
  }

  private async write(): Promise<void> {
    await ownSize(this.file);
    // Not "w": what is there besides zeros is another's, and stays.
    const file = await open(this.file, constants.O_RDWR | constants.O_CREAT, ownerOnly);
    try {
      await file.writeFile(Buffer.alloc(reserveBytes));
      this.isMade = true;
    } finally {
      await file.close();
      if (!this.isMade) await rm(this.file, { force: true });
    }
  }
}

/** 0 when there is no such file, less than a reserve's when a process ended while it wrote it. */
async function ownSize(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (found === undefined) return 0;
  const isOwn = found.isFile() && found.size <= reserveBytes && (await hasOnlyZeros(file));
  if (isOwn) return found.size;
  throw new UnusableFolder(
    `${file} is not a file of this program, which needs that name. Move it away, or set DATA_DIR to another folder.`,
  );
}

async function hasOnlyZeros(file: string): Promise<boolean> {
  const bytes = await readFile(file);
  return bytes.equals(Buffer.alloc(bytes.length));
}
