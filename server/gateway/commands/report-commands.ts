import { z } from "zod";
import { maxGuardWordBytes, maxGuardWords } from "../../../protocol/limits";
import { countBytes, isBlank } from "../../../protocol/text";
import { command } from "./command";
import { entrySeq, given, page, roomId, wellFormedText } from "./fields";

export const reportCommands = {
  "message:report": command(
    z.object({
      room: roomId,
      seq: entrySeq.min(1),
      reason: z.enum(["spam", "abuse", "private", "other"]).optional(),
    }),
    async ({ moderation }, { membership, visitor }, input) => {
      await membership.check(input.room);
      await moderation.reports.add(visitor.id, given(input));
      return { answer: {} };
    },
  ),

  "report:list": command(page, async ({ moderation }, { visitor }, { before, limit }) => ({
    answer: await moderation.reports.list(visitor.id, before, limit),
  })),

  "report:settle": command(
    z.object({ room: roomId, seq: entrySeq.min(1), publish: z.boolean().optional() }),
    async ({ moderation }, { visitor }, { publish, ...message }) => {
      await moderation.reports.settle(visitor.id, message, publish);
      return { answer: {} };
    },
  ),

  "guard:words": command(
    z.object({
      words: z
        .array(wellFormedText.refine((word) => !isBlank(word) && countBytes(word) <= maxGuardWordBytes))
        .max(maxGuardWords)
        .optional(),
    }),
    async ({ moderation: { guard } }, { visitor }, { words }) => {
      const known = await guard.setWords(visitor.id, words);
      const ordinary = guard.ordinaryHits(visitor.id);
      return { answer: { words: known, ...(ordinary.length > 0 && { ordinary }) } };
    },
  ),
};
