import { z } from "zod";
import { command } from "./command";
import { entrySeq, given, page, roomId } from "./fields";

export const reportCommands = {
  "message:report": command(
    z.object({
      room: roomId,
      seq: entrySeq.min(1),
      reason: z.enum(["spam", "abuse", "private", "other"]).optional(),
    }),
    async ({ moderation, membership, visitor }, input) => {
      await membership.check(input.room);
      await moderation.reports.add(visitor.id, given(input));
      return { answer: {} };
    },
  ),

  "report:list": command(page, async ({ moderation, visitor }, { before, limit }) => ({
    answer: await moderation.reports.list(visitor.id, before, limit),
  })),

  "report:settle": command(
    z.object({ room: roomId, seq: entrySeq.min(1) }),
    async ({ moderation, visitor }, { room, seq }) => {
      await moderation.reports.settle(visitor.id, room, seq);
      return { answer: {} };
    },
  ),
};
