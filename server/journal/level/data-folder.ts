import type { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import { DiskSpace } from "./disk-space";
import { LevelJournal } from "./level-journal";
import { keepPrivate, makePrivate } from "./private-folder";
import { storeIn } from "./store-folder";
import { FullDisk } from "./unusable-folder";

type Options = { folder: string; isFlushedAlways: boolean; bytes: ByteCount; clock: Clock; logger: Logger };

/** Opens the journal in this folder, which is made if there is none. Throws UnusableFolder. */
export async function openDataFolder({ folder, bytes, ...options }: Options) {
  const { clock, logger } = options;
  await makePrivate(folder);
  const state = { isFull: false, isReachable: true };
  const changed = (change: Partial<typeof state>) => {
    Object.assign(state, change);
    bytes.isDiskFull = state.isFull || !state.isReachable;
  };
  const space = await DiskSpace.watch({ folder, clock, logger, changed: (isFull) => changed({ isFull }) });
  try {
    const store = storeIn(folder);
    const open = () => LevelJournal.open({ ...options, folder: store, space });
    const journal = await open().catch(async (error) => {
      if (!(error instanceof FullDisk)) throw error;
      await space.release();
      return open();
    });
    journal.onReachable((isReachable) => changed({ isReachable }));
    if (!(await keepPrivate(store)))
      logger.warn({ folder: store }, "other accounts may read this folder, and its rights cannot be changed");
    return {
      journal,
      async close() {
        await journal.close();
        space.close();
      },
    };
  } catch (error) {
    space.close();
    throw error;
  }
}
