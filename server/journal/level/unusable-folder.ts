/** Why the folder cannot be used, and the way out, for the operator. Nothing of it was removed. */
export class UnusableFolder extends Error {}

/** The disk under it is full. */
export class FullDisk extends UnusableFolder {}

/** LevelDB's own refusals have no codes. */
const refusals = {
  rights: /^(?:EACCES|EROFS|EPERM)$|Permission denied|Read-only file system|Operation not permitted/,
  room: /^(?:ENOSPC|EDQUOT|EFBIG)$|No space left on device|Disk quota exceeded|File too large/,
};

export function explain(folder: string, error: unknown): UnusableFolder {
  const { cause } = error as { cause?: Error & { code?: string } };
  const reason = cause ?? (error as Error & { code?: string });
  const { code, message } = reason;
  if (code === "LEVEL_LOCKED")
    return new UnusableFolder(
      `${folder} is used by another process. End it, or set DATA_DIR to another folder (none keeps nothing).`,
    );
  if (isFor(refusals.rights, reason)) return cannotBeWritten(folder, message);
  if (code === "ENOTDIR") return noFolder(folder);
  if (isFor(refusals.room, reason))
    return new FullDisk(`The disk under ${folder} is full (${message}). Make room there, and start again.`);
  return damaged(folder, message);
}

/** The same for an error while the folder is made. */
export function explainMaking(folder: string, error: NodeJS.ErrnoException): UnusableFolder {
  if (isNoFolder(error)) return noFolder(folder);
  const explained = explain(folder, error);
  if (explained instanceof FullDisk || isFor(refusals.rights, error)) return explained;
  return new UnusableFolder(`${folder} cannot be made (${error.message}). Set DATA_DIR to another folder.`);
}

const isFor = (refusal: RegExp, { code = "", message }: Error & { code?: string | undefined }): boolean =>
  refusal.test(code) || refusal.test(message);

export const isWantOfRoom = (error: Error): boolean => isFor(refusals.room, error);

const isNoFolder = ({ code }: { code?: string | undefined }): boolean =>
  code === "EEXIST" || code === "ENOTDIR";

const noFolder = (folder: string): UnusableFolder =>
  new UnusableFolder(
    `${folder} cannot be a folder: a file has that name, or one in its path. Move the file away, or set DATA_DIR to another folder.`,
  );

export const cannotBeWritten = (folder: string, reason: string): UnusableFolder =>
  new UnusableFolder(
    `${folder} cannot be written (${reason}). Make the account of this process its owner, or set DATA_DIR to a folder that it may write to, or to none, which keeps nothing.`,
  );

export const damaged = (folder: string, reason: string, otherwise = ""): UnusableFolder =>
  new UnusableFolder(
    `${folder} is damaged: ${reason}. Nothing of it was removed. Put a backup in its place, or move it away to begin anew.${otherwise}`,
  );
