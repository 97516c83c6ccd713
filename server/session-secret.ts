import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";

const secretBytes = 32;
/** Only the account of the server reads it: it signs every visitor's token. */
const ownerOnly = 0o600;

/** Makes the secret of this data folder, for the first start: visitors stay who they are over a restart. */
export async function makeSecret(folder: string): Promise<string> {
  const secret = randomBytes(secretBytes).toString("hex");
  await keepSecret(folder, secret);
  return secret;
}

const fileIn = (folder: string): string => path.join(/*turbopackIgnore: true*/ folder, "session-secret");

/** Undefined when the folder has none. */
export async function readSecret(folder: string): Promise<string | undefined> {
  const file = fileIn(folder);
  const known = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read (${error.code}). Make the account of this process its owner.`);
  });
  if (known === undefined) return undefined;
  const secret = known.trim();
  if (secret.length < secretBytes)
    throw new Error(
      `${file} is not a secret of at least ${secretBytes} characters. Put a backup in its place, or remove it: all visitors become new then.`,
    );
  return secret;
}

/** Writes under another name first: a process that is killed meanwhile leaves no half of a secret. */
export async function keepSecret(folder: string, secret: string): Promise<void> {
  const file = fileIn(folder);
  await mkdir(folder, { recursive: true });
  const fresh = `${file}.new-${randomUUID()}`;
  try {
    const unfinished = await open(fresh, "wx", ownerOnly);
    try {
      await unfinished.writeFile(secret);
      await unfinished.sync();
    } finally {
      await unfinished.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
