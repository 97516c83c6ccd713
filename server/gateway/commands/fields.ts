import { z } from "zod";
import { roomIdPattern, visitorIdPattern } from "../../../protocol/limits";

/** The fields that several commands share. Unknown fields are dropped. */
export const entrySeq = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
export const roomId = z.string().regex(roomIdPattern);
export const visitorId = z.string().regex(visitorIdPattern);
export const feedCursor = z.object({ epoch: z.string().min(1).max(64), seq: entrySeq });
/** Lone surrogates cannot be written as UTF-8; every reader gets the same replacement (C-4). */
export const wellFormedText = z.string().transform((value) => value.toWellFormed());
