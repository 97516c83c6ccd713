import path from "node:path";
import pino from "pino";
import { LevelJournal } from "../../server/journal/level/level-journal";
import { systemClock } from "../../server/lib/clock";
import { makeFolder } from "./temporary-folder";

const opened: LevelJournal[] = [];

/** `release`: called when a write has failed. */
type Options = {
  boot?: string | undefined;
  isFlushedAlways?: boolean | undefined;
  release?: () => Promise<void>;
};

/** Opens a journal in this folder, or in a new one. `closeJournals` closes it. */
export async function openJournal(
  folder?: string,
  { boot, isFlushedAlways = false, release = async () => undefined }: Options = {},
): Promise<LevelJournal> {
  const journal = await LevelJournal.open({
    folder: path.join(folder ?? (await makeFolder("journal")), "store"),
    isFlushedAlways,
    space: { isFull: false, release },
    ...(boot !== undefined && { boot }),
    clock: systemClock,
    logger: pino({ level: "silent" }),
  });
  opened.push(journal);
  return journal;
}

export async function closeJournals(): Promise<void> {
  for (const journal of opened.splice(0)) await journal.close();
}
