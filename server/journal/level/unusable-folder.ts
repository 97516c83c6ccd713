/** Why the folder cannot be used, and the way out, for the operator. Nothing of it was removed. */
export class UnusableFolder extends Error {}

export function explain(folder: string, error: unknown): UnusableFolder {
  const { cause } = error as { cause?: Error & { code?: string } };
  const { code, message } = cause ?? (error as Error & { code?: string });
  if (code === "LEVEL_LOCKED")
    return new UnusableFolder(
      `${folder} is used by another process. End it, or set DATA_DIR to another folder (none keeps nothing).`,
    );
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") return cannotBeWritten(folder, code);
  return damaged(folder, message);
}

export const cannotBeWritten = (folder: string, reason: string): UnusableFolder =>
  new UnusableFolder(
    `${folder} cannot be written (${reason}). Set DATA_DIR to a folder that this process may write to, or to none, which keeps nothing.`,
  );

export const damaged = (folder: string, reason: string, otherwise = ""): UnusableFolder =>
  new UnusableFolder(
    `${folder} is damaged: ${reason}. Nothing of it was removed. Put a backup in its place, or move it away to begin anew.${otherwise}`,
  );
