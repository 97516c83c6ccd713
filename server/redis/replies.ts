import type { StoreOutcome } from "./connection";
import { toChatError } from "./store-error";

/** Turns the library's error into a ChatError, because it repeats the command and its private values. */
export async function toChatErrors<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw toChatError(error);
  }
}

/** The reply of each; throws for the first that failed. */
export const repliesOf = (outcomes: readonly StoreOutcome[]): unknown[] =>
  outcomes.map(([error, reply]) => {
    if (error !== null) throw toChatError(error);
    return reply;
  });

/** The same for the commands of a pipeline. */
export const repliesTo = async (exec: Promise<StoreOutcome[] | null>): Promise<unknown[]> =>
  repliesOf((await toChatErrors(exec)) ?? []);
