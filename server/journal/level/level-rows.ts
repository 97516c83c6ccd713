import { ClassicLevel } from "classic-level";
import type { Journal, JournalRow, RowText } from "../journal";
import { noJournal } from "../journal";
import type { RowSource } from "../row-source";
import { endOf } from "./key-range";
import { format, importingKey, type LevelFile, openLevelFile } from "./level-file";
import { lacksChanges } from "./power-loss";
import { makePrivate } from "./private-folder";
import { hasStore, storeIn } from "./store-folder";
import { UnusableFolder } from "./unusable-folder";

/** Few enough to be little memory, many enough that a batch costs little for each. */
const rowsAtOnce = 1_000;

/** The rows of a data folder that no server has open, to be moved to another store or from one. */
export class LevelRows implements RowSource {
  private waiting: { type: "put"; key: string; value: string }[] = [];

  private constructor(
    private readonly folder: string,
    private file: LevelFile,
    readonly mayLackChanges: boolean,
  ) {}

  /** Throws UnusableFolder, also where there is no store. */
  static async openToRead(dataDir: string): Promise<LevelRows> {
    const folder = storeIn(dataDir);
    if (!hasStore(dataDir)) throw new UnusableFolder(`There is no store in ${dataDir}.`);
    const file = await openLevelFile(folder);
    return new LevelRows(folder, file, await lacksChanges(file));
  }

  /** Makes the folder if there is none. Throws UnusableFolder. */
  static async openToFill(dataDir: string): Promise<LevelRows> {
    await makePrivate(dataDir);
    const folder = storeIn(dataDir);
    return new LevelRows(folder, await openLevelFile(folder, { isImport: true }), false);
  }

  async *rows(prefix: string): AsyncIterable<JournalRow> {
    yield* this.file.iterator({ gte: prefix, lt: endOf(prefix) });
  }

  row(key: string): Promise<string | undefined> {
    return this.file.get(key);
  }

  /** Whether an earlier filling has broken off. */
  async isUnfinished(): Promise<boolean> {
    return (await this.file.get(importingKey)) !== undefined;
  }

  /** Empties the folder, and marks it: until `finish` no server opens it. */
  async begin(): Promise<void> {
    await this.file.close();
    await ClassicLevel.destroy(this.folder);
    await makePrivate(this.folder);
    this.file = new ClassicLevel(this.folder, { createIfMissing: true });
    const marks = [format, { type: "put", key: importingKey, value: "" }] as const;
    await this.file.batch([...marks], { sync: true });
  }

  /** Takes the rows of the parts that keep rooms and records. `flush` writes them. */
  get journal(): Journal {
    return {
      ...noJournal,
      put: (key: string, text: RowText) => {
        this.waiting.push({ type: "put", key, value: typeof text === "string" ? text : text() });
      },
    };
  }

  /** Writes what waits, if it is much. */
  async flush(isAll = false): Promise<void> {
    if (this.waiting.length < (isAll ? 1 : rowsAtOnce)) return;
    await this.file.batch(this.waiting.splice(0));
  }

  async finish(): Promise<void> {
    await this.flush(true);
    await this.file.batch([{ type: "del", key: importingKey }], { sync: true });
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
