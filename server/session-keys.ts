import { type Config, toKey } from "./config";
import type { Logger } from "./lib/logger";
import { keptSecret, readSecret } from "./session-secret";

/**
 * The keys that sign visitors' tokens: those of SESSION_SECRET; without it that of the data folder. Throws an Error when the
 * folder's is needed and cannot be read.
 */
export async function sessionKeysOf(config: Config, logger: Logger): Promise<Config["sessionKeys"]> {
  const { isSecretGiven, dataDir, sessionKeys } = config;
  if (dataDir === undefined) return sessionKeys;
  if (!isSecretGiven) return [toKey(await keptSecret(dataDir))];
  await warnOfOther(dataDir, sessionKeys, logger);
  return sessionKeys;
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
