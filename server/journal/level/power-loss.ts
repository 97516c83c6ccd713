import { readFile } from "node:fs/promises";
import type { ClassicLevel } from "classic-level";
import type { Operation, Put } from "./batch";

type Rows = Pick<ClassicLevel<string, string>, "get">;

/** How a process has the folder open; missing once it was closed in order. */
const openingKey = "!boot";

/**
 * `boot`: of the machine; missing where it cannot be told. `isFlushedAlways`: whether that process told nothing before the
 * disk had it. `hasLostEnd`: the end of LevelDB's log was found missing.
 */
type Opening = { boot?: string | undefined; isFlushedAlways: boolean; hasLostEnd?: true };

/** Identifies this boot of the machine; undefined where it cannot be told, such as on macOS. */
export const thisBoot = (): Promise<string | undefined> =>
  readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );

/**
 * Whether changes may be missing that clients have seen: the machine has ended under the process that had this folder
 * last, and the operating system had not flushed them; or the end of the log is gone.
 */
export async function lacksChanges(file: Rows, boot?: string): Promise<boolean> {
  const text = await file.get(openingKey);
  if (text === undefined) return false;
  const { boot: last, isFlushedAlways, hasLostEnd = false } = readOpening(text);
  const present = boot ?? (await thisBoot());
  const wasCut = last !== undefined && present !== undefined && last !== present;
  return hasLostEnd || (wasCut && !isFlushedAlways);
}

/**
 * Notes that this process has the folder open. It replaces the sign of a loss, so it has to be written together with what
 * the loss calls for.
 */
export const opening = (boot: string | undefined, isFlushedAlways: boolean): Put =>
  put({ boot, isFlushedAlways });

/** Notes that the end of the log is gone: once LevelDB has opened the folder, the log does not show it any more. */
export const lostEnd: Put = put({ isFlushedAlways: false, hasLostEnd: true });

/** Notes that the file is closed in order. */
export const closed: Operation = { type: "del", key: openingKey };

function put(noted: Opening): Put {
  return { type: "put", key: openingKey, value: JSON.stringify(noted) };
}

/** Before there were fields, the row was the boot alone. */
const readOpening = (text: string): Opening =>
  text.startsWith("{") ? (JSON.parse(text) as Opening) : { boot: text, isFlushedAlways: false };
