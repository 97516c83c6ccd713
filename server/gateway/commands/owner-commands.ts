import { z } from "zod";
import { maxReasonBytes } from "../../../protocol/limits";
import { command } from "./command";
import { given, page, roomId, visitorId, wellFormedText } from "./fields";

const reason = wellFormedText.refine((text) => Buffer.byteLength(text) <= maxReasonBytes).optional();
/** A century: a sanction that is to hold longer has no end. */
const forMs = z
  .number()
  .int()
  .min(1)
  .max(100 * 366 * 86_400_000);

export const ownerCommands = {
  "owner:claim": command(
    z.object({ key: z.string() }),
    async ({ moderation }, { visitor, network }, { key }) => ({
      answer: { role: await moderation.roles.claim(visitor.id, network, key) },
    }),
  ),

  "owner:resign": command(z.object({}), async ({ moderation }, { visitor }) => {
    await moderation.roles.resign(visitor.id);
    return { answer: {} };
  }),

  "owner:log": command(page, async ({ moderation }, { visitor }, { before: end, limit }) => ({
    answer: await moderation.log(visitor.id, end, limit),
  })),

  "moderator:set": command(
    z.object({ visitor: visitorId, isModerator: z.boolean() }),
    async ({ moderation }, { visitor }, input) => {
      await moderation.roles.setModerator(visitor.id, input.visitor, input.isModerator);
      return { answer: {} };
    },
  ),

  "messages:clear": command(
    z.object({ visitor: visitorId, room: roomId.optional(), reason }),
    async ({ moderation }, { visitor }, input) => ({
      answer: {
        removed: await moderation.removals.clear(visitor.id, input.visitor, input.room, input.reason),
      },
    }),
  ),

  "sanction:set": command(
    z.object({
      visitor: visitorId,
      kind: z.enum(["mute", "shadow", "ban"]),
      room: roomId.optional(),
      forMs: forMs.optional(),
      hasNetwork: z.boolean().optional(),
      reason,
    }),
    async ({ moderation }, { visitor }, input) => {
      const { id, until, replaced } = await moderation.sanctions.set(visitor.id, given(input));
      return { answer: { id, ...(until !== undefined && { until }), ...(replaced && { replaced }) } };
    },
  ),

  "sanction:lift": command(
    z.object({ id: z.string().max(64) }),
    async ({ moderation }, { visitor }, { id }) => {
      await moderation.sanctions.lift(visitor.id, id);
      return { answer: {} };
    },
  ),

  "sanction:list": command(page, async ({ moderation }, { visitor }, { before: end, limit }) => ({
    answer: moderation.sanctions.list(visitor.id, end, limit),
  })),
};
