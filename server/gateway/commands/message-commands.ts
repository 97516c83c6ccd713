import { z } from "zod";
import { clientMessageIdPattern, isPublicRoom, maxHistoryLimit } from "../../../protocol/limits";
import { isRefusal } from "../../errors";
import type { Noted } from "../../moderation/catches";
import { entriesFor } from "../../moderation/entry-view";
import { checkText, checkWeight } from "../check-text";
import { command } from "./command";
import { checkMaySpeak } from "./direct-commands";
import { entrySeq, feedCursor, roomId, wellFormedText } from "./fields";

export const messageCommands = {
  "message:send": command(
    z.object({
      room: roomId,
      clientMessageId: z.string().regex(clientMessageIdPattern),
      text: wellFormedText,
      replyTo: entrySeq.min(1).optional(),
      since: feedCursor.optional(),
    }),
    async (services, caller, input) => {
      const { rooms, conversations, moderation, counting } = services;
      const { catches } = moderation;
      const { room, clientMessageId, text, replyTo, since } = input;
      checkWeight(text);
      const { visitor, membership } = caller;
      const draft = { clientMessageId, text, ...(replyTo && { replyTo }), ...(since && { since }) };
      let isOwnRequest = false;
      let isWithheld = false;
      let noted: Noted | undefined;
      const check = async () => {
        // Only after the rate: a refused text is not checked.
        checkText(text);
        ({ isOwnRequest } = await checkMaySpeak(services, caller, room));
        const mayBeIn = membership.mayBeIn(room);
        if (mayBeIn) await moderation.rules.check(visitor, room, text);
        const signs = isPublicRoom(room)
          ? await moderation.guard.judge(caller, text, clientMessageId)
          : undefined;
        if (signs && mayBeIn) noted = catches.note({ room, author: visitor.id, id: clientMessageId, signs });
        isWithheld = signs !== undefined || moderation.isShadowed(visitor.id, room);
        return { ...(isWithheld && { isWithheld }), isCaught: signs !== undefined };
      };
      const slowMs = moderation.rules.slowMs(visitor.id, room);
      const count = counting.counting(room);
      const receipt = await rooms.post(room, caller, draft, { check, slowMs }).catch((error: unknown) => {
        if (isRefusal(error)) noted?.takeBack();
        throw error;
      });
      count(receipt);
      const { at } = receipt;
      await conversations.messageSent(room, visitor.id, { at, isOwnRequest, isWithheld });
      return { answer: receipt, afterwards: () => noted?.report(receipt.seq) };
    },
  ),

  "message:remove": command(
    z.object({ room: roomId, seq: entrySeq.min(1) }),
    async ({ rooms, conversations, moderation }, caller, input) => {
      const { room, seq } = input;
      const { visitor } = caller;
      const isStaff = isPublicRoom(room) && moderation.roleOf(visitor.id) !== undefined;
      if (isStaff) await moderation.removals.remove(visitor.id, room, seq);
      else await rooms.remove(room, caller, seq);
      await conversations.messageRemoved(room);
      return { answer: {} };
    },
  ),

  "history:read": command(
    z.object({
      room: roomId,
      before: entrySeq.optional(),
      after: entrySeq.optional(),
      limit: z.number().int().min(1).max(maxHistoryLimit),
    }),
    async ({ history, moderation }, { membership, visitor, network }, input) => {
      const { room, before, after, limit } = input;
      await membership.check(room);
      const range = { limit, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
      const { entries, ...answer } = await history.read({ visitor, network }, room, range);
      const reader = { visitor: visitor.id, isStaff: moderation.roleOf(visitor.id) !== undefined };
      return {
        answer: { ...answer, entries: entriesFor(entries, reader, moderation.publications.in(room)) },
      };
    },
  ),
};
