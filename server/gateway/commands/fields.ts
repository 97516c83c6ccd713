import { z } from "zod";
import { roomIdPattern, visitorIdPattern } from "../../../protocol/limits";

/** The fields that several commands share. Unknown fields are dropped. */
export const entrySeq = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
export const roomId = z.string().regex(roomIdPattern);
export const visitorId = z.string().regex(visitorIdPattern);
export const feedCursor = z.object({ epoch: z.string().min(1).max(64), seq: entrySeq });
/** O-4, O-6, O-8: how much of a list one answer has. `before`: a moment. */
const [usualLimit, mostListed] = [50, 200];
export const page = z.object({
  before: entrySeq.optional(),
  limit: z.number().int().min(1).max(mostListed).default(usualLimit),
});
/** zod gives a key that is missing no value; for the compiler it may have the value undefined. */
export const given = <T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as never;
/** Lone surrogates cannot be written as UTF-8; every reader gets the same replacement (C-4). */
export const wellFormedText = z.string().transform((value) => value.toWellFormed());
