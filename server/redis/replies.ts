import { toChatError } from "./store-error";

/** Turns the library's error into a ChatError, because it repeats the command and its private values. */
export async function toChatErrors<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw toChatError(error);
  }
}

/** The reply of each command of a pipeline; throws for the first command that failed. */
export async function replies(exec: Promise<[Error | null, unknown][] | null>): Promise<unknown[]> {
  const answers = await toChatErrors(exec);
  return (answers ?? []).map(([error, reply]) => {
    if (error !== null) throw toChatError(error);
    return reply;
  });
}
