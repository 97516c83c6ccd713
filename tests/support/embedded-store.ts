import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { MemoryBroker } from "../../server/broker/memory/broker";
import type { LevelJournal } from "../../server/journal/level/level-journal";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { openJournal } from "./journals";
import { makeFolder, makeFolderNow } from "./temporary-folder";

type Settings = {
  historyLimit?: number;
  lostMs?: number;
  clock?: typeof systemClock;
  boot?: string;
  isFlushedAlways?: boolean;
};

/** The embedded store over a folder. */
export class EmbeddedStore {
  private constructor(
    readonly folder: string,
    readonly broker: MemoryBroker,
    readonly records: MemoryRecords,
    readonly bytes: ByteCount,
    private readonly journal: LevelJournal,
    private readonly settings: Settings,
  ) {}

  static async open(settings: Settings = {}, from?: string): Promise<EmbeddedStore> {
    const folder = from ?? (await makeFolder("embedded"));
    const { historyLimit = 10_000, lostMs = 10_000, clock = systemClock, boot, isFlushedAlways } = settings;
    const bytes = new ByteCount();
    const journal = await openJournal(folder, { boot, isFlushedAlways });
    const limits = { historyLimit, historyDays: 30, graces: { closedMs: 100, lostMs } };
    const broker = new MemoryBroker(limits, clock, bytes, journal);
    broker.takesConnections();
    return new EmbeddedStore(
      folder,
      broker,
      new MemoryRecords(clock, bytes, journal),
      bytes,
      journal,
      settings,
    );
  }

  /**
   * Opens a copy of the folder's files as they are now: this is what a new process finds if this one is killed. It does not
   * matter whether this process has closed the files.
   */
  async afterKill(settings: Settings = this.settings): Promise<EmbeddedStore> {
    const copy = this.copy();
    await this.broker.close();
    return EmbeddedStore.open(settings, copy);
  }

  compact(): Promise<void> {
    return this.journal.compact();
  }

  /** Copies at this very moment, before any timer runs. If LevelDB merges files meanwhile, it copies again. */
  private copy(): string {
    const store = path.join(this.folder, "store");
    for (;;) {
      const copy = makeFolderNow("killed");
      const files = namesIn(store);
      try {
        for (const name of files) copyFileSync(path.join(store, name), path.join(made(copy), name));
      } catch {
        continue;
      }
      if (namesIn(store).join() === files.join()) return copy;
    }
  }
}

const namesIn = (store: string): string[] => readdirSync(store).filter((name) => name !== "LOCK");

function made(copy: string): string {
  const store = path.join(copy, "store");
  mkdirSync(store, { recursive: true });
  return store;
}
