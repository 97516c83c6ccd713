import { chmod, mkdir, stat } from "node:fs/promises";
import { explainMaking } from "./unusable-folder";

/** The talk in it is private: only the account of the server reads a folder that the server has made. */
const ownerOnly = 0o700;
const othersRights = 0o077;

/** Makes the folder, with those above it, if there is none; one that is there stays as it is. Throws UnusableFolder. */
export async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: ownerOnly }).catch((error) => {
    throw explainMaking(folder, error);
  });
}

/**
 * Closes a folder of ours to other accounts. Returns whether it is closed to them: another account's folder, and a file
 * system without rights, stay as they are.
 */
export async function keepPrivate(folder: string): Promise<boolean> {
  const isOpen = async () => ((await stat(folder)).mode & othersRights) !== 0;
  if (await isOpen()) await chmod(folder, ownerOnly).catch(() => undefined);
  return !(await isOpen());
}
