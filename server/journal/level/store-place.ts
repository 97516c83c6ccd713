import { statSync } from "node:fs";
import path from "node:path";
import type { Logger } from "../../lib/logger";
import { anchor } from "./store-folder";

type Listener = (isThere: boolean) => void;

/**
 * Whether an open store is still in its folder. LevelDB writes on, without an error, into files that were removed or moved
 * away, or whose volume was unmounted: the next process finds nothing of that.
 */
export class StorePlace {
  private opened: string;
  private wasThere = true;
  private readonly listeners = new Set<Listener>();

  /** Throws when the folder has no store. */
  constructor(
    private readonly folder: string,
    private readonly logger: Logger,
  ) {
    this.opened = this.identity();
  }

  /** As of the last check. */
  get isThere(): boolean {
    return this.wasThere;
  }

  /** Takes ten microseconds on a local disk: each write can afford it. */
  check(): boolean {
    const isThere = this.isUnchanged();
    if (isThere !== this.wasThere) this.tell(isThere);
    return isThere;
  }

  /** Call when the store was there and LevelDB has opened it anew: that replaces the file by which it is known. */
  renew(): void {
    this.opened = this.identity();
  }

  /** Returns its unsubscribe. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private get file(): string {
    return path.join(/*turbopackIgnore: true*/ this.folder, anchor);
  }

  /**
   * Of a file that LevelDB makes anew at each opening and does not touch until the next. Not its time of change: `chmod`, and
   * backups that make hard links, change that. Throws when it is not there.
   */
  private identity(): string {
    const { dev, ino, mtimeNs } = statSync(this.file, { bigint: true });
    return `${dev} ${ino} ${mtimeNs}`;
  }

  private isUnchanged(): boolean {
    try {
      return this.identity() === this.opened;
    } catch {
      return false;
    }
  }

  private tell(isThere: boolean): void {
    const { folder } = this;
    this.wasThere = isThere;
    if (isThere) this.logger.info({ folder }, "the store is in its folder again");
    else
      this.logger.error(
        { folder },
        "the store was removed or replaced, or its volume unmounted: nothing is kept, and every change is refused. Put the same files back where they were; or stop this process, put a backup there, and start it again",
      );
    for (const listener of this.listeners) listener(isThere);
  }
}
