import { type Config, toKey } from "./config";
import type { Logger } from "./lib/logger";
import { makeSecret, readSecret } from "./session-secret";

type SessionKeysOptions = {
  logger: Logger;
  /** Whether there were visitors before this start. */
  hadStore: boolean;
};

/**
 * The keys that sign visitors' tokens: those of SESSION_SECRET; without it that of the data folder, which is made if there is
 * none. Throws an Error when the folder's is needed and cannot be read.
 */
export async function sessionKeysOf(
  config: Config,
  { logger, hadStore }: SessionKeysOptions,
): Promise<Config["sessionKeys"]> {
  const { isSecretGiven, dataDir, sessionKeys } = config;
  if (dataDir === undefined) return sessionKeys;
  if (isSecretGiven) {
    await warnOfOther(dataDir, sessionKeys, logger);
    return sessionKeys;
  }
  const known = await readSecret(dataDir);
  if (known === undefined && hadStore)
    logger.warn(
      { folder: dataDir },
      "DATA_DIR has a store, but no session-secret: a new one is made, and all visitors become new ones. To keep them, stop, put the file of a backup in its place or set SESSION_SECRET as before, and start again",
    );
  return [toKey(known ?? (await makeSecret(dataDir)))];
}

async function warnOfOther(folder: string, keys: Config["sessionKeys"], logger: Logger): Promise<void> {
  // One that is no secret, or is another account's, has signed nothing that this process could accept.
  const other = await readSecret(folder).catch(() => undefined);
  if (other === undefined || keys.some((key) => toKey(other).every((byte, index) => byte === key[index])))
    return;
  logger.warn(
    { folder },
    "SESSION_SECRET lacks the secret in session-secret of DATA_DIR: visitors who have tokens of that one become new ones. Add it behind a comma to keep them; remove the file when it is not needed any more",
  );
}
