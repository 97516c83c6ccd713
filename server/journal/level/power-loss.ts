import { readFile } from "node:fs/promises";
import type { LevelFile } from "./level-file";

/** The boot of the machine under which the folder is open; missing once it was closed in order. */
const bootKey = "!boot";

/** Identifies this boot of the machine; undefined where it cannot be told, such as on macOS. */
export const thisBoot = (): Promise<string | undefined> =>
  readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );

/**
 * Whether the machine has ended under the process that had this folder last: what the operating system had not flushed is
 * lost then, after clients may have seen it. Notes this boot.
 */
export async function noteBoot(file: LevelFile, boot: string | undefined): Promise<boolean> {
  const isLacking = await lacksChanges(file, boot);
  if (boot !== undefined) await file.put(bootKey, boot, { sync: true });
  return isLacking;
}

/** The same, and notes nothing. */
export async function lacksChanges(file: LevelFile, boot?: string): Promise<boolean> {
  const [last, present] = [await file.get(bootKey), boot ?? (await thisBoot())];
  return last !== undefined && present !== undefined && last !== present;
}

/** Call before the file is closed in order. */
export async function noteClosed(file: LevelFile): Promise<void> {
  await file.del(bootKey, { sync: true });
}
